#!/bin/sh
# What a setting learns on nine-rule chat, in one thread and without Kafka; needs a tree built by ./mvnw package.
#   benchmarks/learning-lab.sh [--seed N] [--NAME VALUE]...     (names: LabSettings)
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
jdk=${JAVA_HOME:-$(ls -d /usr/lib/jvm/*25* 2>/dev/null | head -n 1)}
exec "$jdk/bin/java" -Xmx1g -XX:MaxDirectMemorySize=512m --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow \
    -cp "$here/benchmarks/target/classes:$here/cli/target/lib/*" rlaif.benchmarks.learning.LearningLab "$@"
