#!/bin/sh
# What CMake starts in the compiler's place while the tests run: dozens of them build a network in a
# folder of their own, and most files are the same in all of these. An object is taken from
# INCEPT_OBJECTS where the command, the source and all headers of ours are what it was compiled of,
# wherever the project lies; all else is for the compiler, and so is what it printed anything about.
set -u
project=${PWD%/build}
object= source= depends= previous=
for argument; do
  case $previous in
    -o) object=$argument ;;
    -c) source=$argument ;;
    -MF) depends=$argument ;;
  esac
  previous=$argument
done
[ -n "$source" ] && [ -n "$object" ] && [ -n "$depends" ] && [ "$project" != "$PWD" ] || exec "$@"
case $project in *[!A-Za-z0-9/._-]*) exec "$@" ;; esac

key=$({ printf '%s\n' "$@" | sed "s|$project|@project@|g" && cat "$source"; } | sha256sum | cut -d ' ' -f 1)
entry=$INCEPT_OBJECTS/$key
if [ -d "$entry" ] && (cd "$project" && sha256sum --check --status "$entry/headers"); then
  cp "$entry/object" "$object" && sed "s|@project@|$project|g" "$entry/depends" > "$depends"
  exit
fi

messages=$("$@" 2>&1)
status=$?
[ -z "$messages" ] || printf '%s\n' "$messages" >&2
[ $status -eq 0 ] && [ -z "$messages" ] && [ ! -d "$entry" ] || exit $status

beside=$(mktemp -d "$INCEPT_OBJECTS/new-XXXXXX")
cp "$object" "$beside/object"
sed "s|$project|@project@|g" "$depends" > "$beside/depends"
(cd "$project" && tr -s ' \\' '\n' < "$beside/depends" | sed -n "s|^@project@/||p" | sort -u |
  xargs sha256sum) > "$beside/headers"
mv -T "$beside" "$entry" 2> /dev/null || rm -rf "$beside"
