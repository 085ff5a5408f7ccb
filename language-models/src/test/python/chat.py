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
    "{{ '%02d:%5s|%-5s|%x|%X|%o|%+d|% d|%%' | format(7, 'ab', 'cd', 255, 255, 8, 3, 4) }} {{ '%5.1f|%-8.2e|%g|%G|%08.3f' | format(3.14159, 12345.678, 0.00001, 1e20, -2.5) }}",
    "{{ '%#x %#o %.3d %i %u %c%c %r %.2s' % (255, 8, 5, 3.9, 4, 65, 'B', 'q', 'abcdef') }} {{ '%5d|%-5d|%05d|%+05d' % (42, 42, -42, 42) }} {{ '%*d|%.*f' % (5, 42, 2, 3.14159) }}",
    "{{ '%(a)s-%(b)03d' | format(a='x', b=7) }} {{ '%(a)s' % {'a': 1} }} {{ '%s' % none }} {{ '%s %s' % (true, [1]) }} {{ '%d' % true }} {{ '100%%' % () }} {{ '%f' % 1 }}",
    "{{ '%g %g %g %g %g' % (100000, 1000000, 0.0001, 1.50, 0) }} {{ '%.0f %.0f %.0f %.1f' % (0.5, 1.5, 2.5, 0.25) }} {{ '%e' % 0 }} {{ '%.3g|%#.3g' % (1.0, 1.0) }} {{ '%.0e' % 15 }}",
    "{{ '%d' % 'a' }}",
    "{{ '%x' % 1.5 }}",
    "{{ '%s %s' % 'a' }}",
    "{{ '%s' % ('a', 'b') }}",
    "{{ '%y' % 1 }}",
    "{{ '5%' % () }}",
    "{{ '{} {}'.format('a', 1) }} {{ '{1}{0}{1}'.format('a', 'b') }} {{ '{x}={y!r}'.format(x=1, y='q') }} {{ '{{}}{}'.format(2) }} {{ '{0.role}:{0[role]}:{1[0]}'.format(messages[0], [7]) }}",
    "{{ '{:>5}|{:<5}|{:^5}|{:*^7}|{:5}|{:5}'.format('a', 'b', 'c', 'd', 'e', 6) }} {{ '{:05d} {:+} {:x} {:#X} {:b} {:,} {:_}'.format(42, 3, 255, 255, 5, 1234567, 1234567) }} {{ '{:.2f} {:8.3f} {:e} {:.1%} {:g}'.format(3.14159, 2.5, 1234.5, 0.256, 0.5) }}",
    "{{ '{:{w}.{p}f}|{:>{w}}'.format(3.14159, 'x', w=8, p=2) }} {{ '{}'.format(none) }} {{ '{}'.format([1, 'a']) }} {{ '{:.3}'.format('abcdef') }} {{ '{:.3}'.format(3.14159) }} {{ '{}'.format(1.0) }} {{ '{:d}'.format(true) }} {{ '{}'.format(true) }} {{ '{:5}'.format(true) }} {{ '{:,.2f}'.format(1234567.891) }} {{ '{:<05}|{:05}'.format(3, 'ab') }} {{ '{:-}{: }'.format(5, 5) }}",
    "{{ '{:.3}|{:.1}|{:10}|{:.5}'.format(1234567.0, 5.0, 1.5, 100.0) }} {{ '{:_x} {:#_b}'.format(1048575, 255) }} {{ '{:=+6}'.format(5) }} {{ '{:\u4f60^5}'.format('\u597d') }}",
    "{{ '{:d}'.format(1.5) }}",
    "{{ '{:d}'.format('a') }}",
    "{{ '{} {0}'.format(1) }}",
    "{{ '{}'.format() }}",
    "{{ '{x}'.format(y=1) }}",
    "{{ '}'.format() }}",
    "{{ '{'.format() }}",
    "{{ '{:5}'.format(none) }}",
    "{{ '%#.0e %#.0f %#g %#.3g' % (15, 2, 100000.0, 2) }} {{ '{:#.0f} {:#.0%}'.format(2, 0.5) }} {{ '{:05,} {:03_.1%}'.format(12345, 1) }} {{ -0.4 | round(0, 'ceil') }}",
    "{{ '{:+}'.format('a') }}",
    "{{ '{:#}'.format('a') }}",
    "{{ '{:,x}'.format(5) }}",
    "{{ missing | int(5) }}",
    "{{ missing | float }}",
    "{{ 'a=b=c'.partition('=') }} {{ 'a=b=c'.rpartition('=') }} {{ 'abc'.partition('=') }} {{ 'abc'.rpartition('=') }} {{ 'a=b'.partition('=')[2] }}",
    "{{ '42'.zfill(5) }} {{ '-42'.zfill(5) }} {{ '+4'.zfill(4) }} {{ 'abcdef'.zfill(3) }} {{ 'ab'.center(5) }}| {{ 'ab'.center(6, '*') }} {{ 'abc'.center(6, '*') }} {{ 'ab'.ljust(4, '.') }} {{ 'ab'.rjust(4) }}",
    "{{ 'ab' | center(5) }}| {{ 'abc' | center(6) }}| {{ 7 | center(4) }}| {{ 'x' | center | length }}",
    "{{ 42.55 | round }} {{ 42.55 | round(1) }} {{ 42.55 | round(1, 'floor') }} {{ 42.51 | round(1, 'ceil') }} {{ 42 | round }} {{ 1250 | round(-2) }} {{ 2.5 | round | int }} {{ 3 | round(1, 'ceil') }} {{ -1.5 | round }} {{ 2.675 | round(2) }} {{ 1234.5 | round(-2, 'floor') }} {{ 7.1 | round(method='ceil') }}",
    "{{ 1 | round(0, 'up') }}",
    "{{ 'a' | round }}",
    "{{ 'Hello world, it is_me again' | wordcount }} {{ '' | wordcount }} {{ 'don\\'t \u4f60\u597d x1' | wordcount }}",
    "{{ [1, 2, 3, 4, 5] | batch(2) | list }} {{ [1, 2, 3, 4, 5] | batch(2, 'x') | list }} {{ [] | batch(3) | list }} {% for row in 'abcde' | batch(3, '-') %}{{ row | join }};{% endfor %}",
    "{{ [1, 2, 3, 4, 5] | slice(2) | list }} {{ [1, 2, 3, 4, 5] | slice(3, 'x') | list }} {{ [1] | slice(3) | list }}",
    "{{ [1] | slice(0) | list }}",
    "{% for role, found in (messages + messages) | groupby('role') %}{{ role }}={{ found | length }};{% endfor %}{% for g in messages | groupby('role') %}{{ g.grouper }}:{{ g.list | map(attribute='role') | join }} {{ g[0] }};{% endfor %}",
    "{{ [{'k': 'b', 'n': 1}, {'k': 'A', 'n': 2}, {'k': 'a', 'n': 3}] | groupby('k') }} {{ [{'k': 'b'}, {'k': 'A'}, {'k': 'a'}] | groupby('k', case_sensitive=true) | map('first') | list }} {{ [{'k': 'b'}, {}] | groupby('k', default='z') | map(attribute='grouper') | list }} {{ [[2, 'x'], [1, 'y'], [2, 'z']] | groupby(0) }} {{ [{'a': {'b': 1}}] | groupby('a.b') }}",
    "{{ 'foo bar baz qux' | truncate(9) }} {{ 'foo bar baz qux' | truncate(9, true) }} {{ 'foo bar baz qux' | truncate(11) }} {{ 'foo bar baz qux' | truncate(11, false, '...', 0) }} {{ 'foo bar baz qux' | truncate(9, end='~', leeway=0) }} {{ 'short' | truncate }}",
    "{{ 'foo bar' | truncate(1, leeway=0) }}",
    "{{ '0x1f' | int(0, 16) }} {{ '1f' | int(0, 16) }} {{ '0b101' | int(0, 2) }} {{ '0x1f' | int(0, 0) }} {{ '777' | int(base=8) }} {{ 'zz' | int(-1, 36) }} {{ 'zz' | int(-1, 16) }} {{ '1_000' | int }} {{ ' 12 ' | int }} {{ '3.9' | int }} {{ '1e3' | int }} {{ 'x' | int(7) }} {{ '010' | int(1, 0) }} {{ -3.9 | int }} {{ none | int(5) }} {{ '12d' | int(3) }} {{ '+5' | int }} {{ '0x' | int(2, 16) }} {{ '-0o17' | int(0, 8) }}",
    "{{ '1.5f' | float(2.0) }} {{ '1_0.5' | float }} {{ ' 2 ' | float }} {{ '1e-3' | float }} {{ '.5' | float }} {{ '5.' | float }} {{ '.' | float(9.0) }} {{ 'inf' | float }} {{ '-Infinity' | float }} {{ '0x1p3' | float(1.0) }}",
    "{% set x | upper %}ab{{ 1 }}{% endset %}{{ x }} {% set n | trim | length %} abc {% endset %}{{ n + 1 }} {% set y | replace('a', 'b') | upper %}aa{% endset %}{{ y }}",
    "{% for m in [1, 1, 2, 2, 1] %}{% if loop.changed(m) %}[{{ m }}]{% endif %}{% endfor %} {% for a, b in [(1, 2), (1, 2), (1, 3)] %}{{ loop.changed(a, b) }}{% endfor %} {% for a in [1, 1] %}{% for b in [1, 1] %}{{ loop.changed(b) }}{{ loop.depth }}{{ loop.depth0 }}{% endfor %}{% endfor %}",
    "{% set tree = [{'n': 'a', 'c': [{'n': 'b', 'c': []}, {'n': 'd', 'c': [{'n': 'e', 'c': []}]}]}, {'n': 'f', 'c': []}] %}{% for t in tree recursive %}{{ t.n }}{{ loop.depth }}{{ loop.index }}{% if t.c %}({{ loop(t.c) }}){% endif %}{% else %}-{% endfor %}",
    "{% for x in [1, [2, [3, 4]], 5] if x != 5 recursive %}{% if x is number %}{{ x }}{% if loop.last %}.{% endif %}{% else %}<{{ loop(x) }}>{% endif %}{% else %}none{% endfor %}{% for x in [[]] recursive %}{{ loop(x) }}{% else %}empty{% endfor %}",
    "{% for x in [1] %}{{ loop([2]) }}{% endfor %}",
    "{{ loop is defined }}{% for x in [1] %}{{ loop is mapping }}{{ loop is callable }}{{ loop is defined }}{% endfor %}",
    "{{ 1_000 + 1 }} {{ 1_0.5_0 }} {{ 0x1F }} {{ 0b1_01 }} {{ 0o17 }} {{ 1_0e2 }} {{ 0 }} {{ 00 }} {{ 1E3 }}",
    "{{ 1__0 }}",
    "{{ 1_ }}",
    "{{ 012 }}",
    "{% set comma = joiner() %}{% for m in messages %}{{ comma() }}{{ m.role }}{% endfor %} {% set p = joiner('|') %}{{ p() }}a{{ p() }}b{{ p() }}c {{ joiner is defined }} {{ cycler is defined }} {{ joiner is callable }}",
    "{% set c = cycler('a', 'b', 'c') %}{{ c.next() }}{{ c.next() }}{{ c.current }}{{ c.next() }}{{ c.next() }}{{ c.reset() }}{{ c.current }}{{ c.next() }}{{ c is mapping }}{{ c is callable }}",
    "{{ cycler() }}",
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
