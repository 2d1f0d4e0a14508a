#!/usr/bin/env bash
# What the tests need from the system: a browser and a font; PostgreSQL, Redis and a false clock for
# the tests of nights and of several machines; R for the validation and for writing SAS7BDAT (those
# tests skip without). As root on Debian what is missing is installed, elsewhere it is named.
set -euo pipefail
browser=(chromium fonts-dejavu-core)
servers=(postgresql redis-server faketime)
r=(r-base-core r-cran-survival r-cran-cmprsk r-cran-mass r-cran-jsonlite r-cran-haven)
have_r() {
  command -v Rscript >/dev/null 2>&1 &&
    Rscript -e 'for (p in commandArgs(TRUE)) loadNamespace(p)' survival cmprsk MASS jsonlite haven >/dev/null 2>&1
}
have_servers() {
  command -v redis-server >/dev/null 2>&1 && command -v faketime >/dev/null 2>&1 &&
    compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null
}
missing=()
command -v chromium >/dev/null 2>&1 || missing+=("${browser[@]}")
have_servers || missing+=("${servers[@]}")
have_r || missing+=("${r[@]}")
if [ "${#missing[@]}" = 0 ]; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
elif [ "${missing[0]}" = chromium ]; then
  echo "The tests need a browser: install the packages ${missing[*]} (or their like) first." >&2
  exit 1
else
  echo "Tests of what is missing here are skipped; they need the packages ${missing[*]}." >&2
fi
