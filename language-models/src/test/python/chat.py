"""The Jinja2 twin of chat templates: what Transformers' own engine, with Transformers' settings, makes of the templates in
../resources/chat and of a list of small ones, written to ../resources/chat/expected.json.

Run with any Python that has jinja2 (3.1):
    python3 chat.py
"""

import datetime
import json
import pathlib

from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "chat"
NOW = datetime.datetime(2026, 2, 3, 4, 5, 6)

USER = dict(role="user", content="What is 2 < 3 & \"4\"? {{ 7 * 7 }} {% raw %}")
SYSTEM = dict(role="system", content="  Be brief.\n")
ASSISTANT = dict(role="assistant", content="<think>\nTwo.\n</think>\n\nYes.")
AGAIN = dict(role="user", content="Añd \u4f60\u597d\nagain?  ")
CHATS = dict(user=[USER], system=[SYSTEM, USER], turns=[SYSTEM, USER, ASSISTANT, AGAIN], answered=[USER, ASSISTANT],
             late=[USER, SYSTEM, AGAIN], empty=[dict(role="user", content="")])

SMALL = [
    "{{ messages[1:] | length }} {{ messages[::-1][0].role }} {{ messages[:-1] | length }} {{ messages[-1]['role'] }}",
    "{{ 'hello'[1:3] }}{{ 'hello'[::-1] }}{{ 'hello'[-2:] }}{{ 'hello'[0] }}",
    "{{ ' a '.strip() }}|{{ ' a '.lstrip() }}|{{ 'xxaxx'.rstrip('x') }}|{{ 'a,b'.split(',')[-1] }}|{{ 'a  b '.split() | length }}|{{ 'a.b.c'.split('.', 1)[1] }}",
    "{{ 'Abc'.lower() }}{{ 'Abc'.upper() }}{{ 'abc'.title() }}{{ 'abc'.capitalize() }}{{ 'abc'.startswith('ab') }}{{ 'abc'.endswith('b') }}{{ 'aab'.replace('a', 'x') }}{{ 'abc'.find('c') }}",
    "{% set ns = namespace(found=false, n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% if m.role == 'user' %}{% set ns.found = true %}{% endif %}{% endfor %}{{ ns.found }} {{ ns.n }}",
    "{% for m in messages %}{% if loop.first %}{% continue %}{% endif %}{{ m.role }}{% break %}{% endfor %}",
    "{% for m in messages %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.revindex0 }} {% endfor %}",
    "{% for m in messages if m.role != 'system' %}{{ loop.index }}{{ m.role }}{% else %}none{% endfor %}",
    "{% for m in [] %}x{% else %}none{% endfor %}",
    "{{ tools is defined }} {{ messages is defined }} {{ tools is not defined }} {{ none is none }} {{ messages[0].nothing is defined }}",
    "{{ 'a' is string }} {{ 1 is number }} {{ messages is iterable }} {{ messages[0] is mapping }} {{ messages is sequence }} {{ true is true }} {{ false is false }} {{ 1 is boolean }} {{ 3 is odd }}",
    "{{ {'a': 1, 'b': [true, none, 'x\"y<&é']} | tojson }} {{ [] | tojson }} {{ 'a\\n' | tojson }} {{ 1.5 | tojson }}",
    "{{ {'a': [1, {'b': 'c'}], 'd': {}} | tojson(indent=2) }}",
    "{{ 'a' + 'b' ~ 3 ~ true ~ none }} {{ 7 // 2 }} {{ 7 % 3 }} {{ 7 / 2 }} {{ 2 ** 3 }} {{ -7 // 2 }} {{ 1 + 2 * 3 - 4 }} {{ 'a' * 3 }}",
    "{{ 'x' if add_generation_prompt else 'y' }}{{ 'x' if false }}{{ 'x' if false else 'y' if true else 'z' }}",
    "{{ 'a' in 'abc' and not 'z' in 'abc' }} {{ 'z' not in 'abc' }} {{ 'role' in messages[0] }} {{ 2 in [1, 2] }} {{ 1 < 2 < 3 }} {{ 1 == 1.0 }} {{ 'a' != 'b' or false }}",
    "{% if messages is iterable and messages is not string and messages is not mapping %}list{% elif true %}other{% endif %}",
    "{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}{{ v }}{% endfor %}{% for k, v in {'c': 3} | items %}{{ k }}{{ v }}{% endfor %}{% for k in {'d': 4} %}{{ k }}{% endfor %}",
    "{{ messages | selectattr('role', 'equalto', 'user') | list | length }} {{ messages | map(attribute='role') | join(', ') }} {{ messages | rejectattr('role', 'equalto', 'user') | list | length }}",
    "{{ messages[0].get('role') }} {{ messages[0].get('nope', 'd') }} {{ messages[0]['content'] | trim }} {{ missing | default('d') }} {{ '' | default('e', true) }}",
    "{{ [3, 1, 2] | first }} {{ [3, 1, 2] | last }} {{ 'abc' | upper }} {{ 'a-b' | replace('-', '+') }} {{ ' x ' | trim | length }} {{ ['a', 'b'] | join('/') }} {{ 3.7 | int }} {{ '5' | int + 1 }} {{ 5 | string ~ 'x' }}",
    "{%- if true %}\n    {{- 'X' }}\n{%- else %}\n  {{- 'Y' }}\n{%- endif %}\nZ",
    "A\n{% if true %}\n  q\n{% endif %}\n  {% if true %}r{% endif %}\n\t{# note #}\ns {{ 1 }}\n",
    "a  {%- set x = 'b' -%}  {{ x }}  {{- 'c' -}}  d {#- note -#} e",
    "{% macro f(x, y='d') %}[{{ x }}{{ y }}]{% endmacro %}{{ f('q') }}{{ f('q', y='e') }}",
    "{% set content %}ab{{ 1 }}{% endset %}{{ content }}{% set a, b = 1, 2 %}{{ a }}{{ b }}",
    "{% set x = 1 %}{% for m in messages %}{% set x = 2 %}{% endfor %}{{ x }}{% if true %}{% set x = 3 %}{% endif %}{{ x }}",
    "{{ \"it's\" }} {{ 'a\\'b' }} {{ 'tab\\tnew\\nline' }} {{ '\\\\' }}",
    "{{ [1, 'a', none, true, 1.5] }} {{ {'a': 'b'} }} {{ (1, 2) }} {{ none }} {{ 1.0 }}",
    "{{ messages[0]['content'] | length > 2 and true }} {{ (messages | length - 1) - 0 }} {{ not messages }} {{ range(3) | list }} {{ range(1, 6, 2) | list }}",
    "{{ '%s is %d' | format('a', 3) }} {{ ['b', 'a'] | sort }} {{ {'b': 1, 'a': 2} | dictsort }} {{ [1, 2] | reverse | list }} {{ [[1, 2]] | length }}",
    "{{ strftime_now('%d %b %Y') }} {{ strftime_now('%Y-%m-%d') }} {{ missing }}|{{ missing is undefined }}",
    "{% for a in [1, 2] %}{% for b in [3, 4] %}{{ a }}{{ b }}{% if not loop.last %},{% endif %}{% endfor %};{% endfor %}",
    "{{ messages[0].role ~ ':' ~ messages[0]['content'] }}{{- '\\n' if not loop_done else '' }}|",
    "{% raw %}{{ x }}{% endraw %} {{ '{{ y }}' }} {{ '{% z %}' }}",
    "{% set d = {'role': 'user', 'n': {'k': [1, 2]}} %}{{ d.n.k[1] }} {{ d['n']['k'][-1] }} {{ d.keys() | list }} {{ d.role.upper() }}",
    "{% set l = [1] + [2, 3] %}{{ l }} {{ l[1:] }} {{ l | sum }} {{ l | map('string') | join }} {{ l | unique | list | length }}",
    "{% generation %}x{% endgeneration %}",
    "{% set a = 1 %}{% with a = 2, b = a %}{{ a }}{{ b }}{% set c = 3 %}{% endwith %}{{ a }}{{ b }}{{ c }}{% with %}{{ a }}{% endwith %}",
    "{% for m in messages %}{% with r = m.role %}{% if r == 'user' %}{% break %}{% endif %}{{ r }}{% endwith %}{% endfor %}",
    "{% macro box(title) %}<{{ title }}:{{ caller() }}>{% endmacro %}{% set x = 'in' %}{% call box('t') %}{{ x }}{% endcall %}",
    "{% macro each(l) %}{% for i in l %}{{ caller(i, sep='/') }}{% endfor %}{% endmacro %}{% call(i, sep='-') each([1, 2]) %}{{ i }}{{ sep }}{% endcall %}",
    "{% macro f() %}{{ caller is defined }}{% endmacro %}{{ f() }}",
    "{% with a %}{% endwith %}",
    "{% call 1 %}{% endcall %}",
    "{{ strftime_now('%-d.%-m.%y %-H:%-M %-I %-j %e|%-e') }} {{ strftime_now('%-B %-Y') }}",
    "{{ raise_exception('no ' ~ messages[0].role) }}",
    "{{ missing.attribute }}",
    "{{ 'a' + 1 }}",
    "{{ unknown_function() }}",
    "{% if %}",
    "{{ 'open",
    "{% for m in messages %}",
    "{{ ''.__class__.__mro__ }}",
]
SMALL_CONTEXT = dict(messages=[SYSTEM, dict(role="user", content="hi")], add_generation_prompt=True, bos_token="<s>")


def environment():
    from jinja2 import nodes
    from jinja2.ext import Extension, loopcontrols

    class Generation(Extension):
        tags = {"generation"}

        def parse(self, parser):
            line = next(parser.stream).lineno
            body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
            return nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

        def _body(self, caller):
            return caller()

    made = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])

    def raise_exception(message):
        raise TemplateError(message)

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    made.filters["tojson"] = tojson
    made.globals["raise_exception"] = raise_exception
    made.globals["strftime_now"] = NOW.strftime
    return made


def render(template, **context):
    """The text, or null where Jinja2 raises."""
    try:
        return environment().from_string(template).render(**context)
    except Exception:
        return None


def main():
    tokens = dict(bos_token="<|begin_of_text|>", eos_token="<|eot_id|>")
    chats = []
    for folder in sorted(p for p in OUT.iterdir() if p.is_dir()):
        template = (folder / "chat_template.jinja").read_text()
        for name, messages in CHATS.items():
            for prompt in (True, False):
                chats.append(dict(template=folder.name, chat=name, messages=messages, addGenerationPrompt=prompt,
                                  text=render(template, messages=messages, add_generation_prompt=prompt,
                                              tools=None, documents=None, **tokens)))
    small = [dict(template=t, text=render(t, **SMALL_CONTEXT)) for t in SMALL]
    golden = dict(now=NOW.isoformat(), smallContext=SMALL_CONTEXT, chats=chats, small=small)
    (OUT / "expected.json").write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
