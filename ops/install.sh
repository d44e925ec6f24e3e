#!/bin/sh
# Puts Vestnik on a Debian with systemd: the tree with its own Node, users, units, settings, a polkit rule.
# Needs no network once `npm ci` has run. Can be run again at any time: to upgrade, or to find nothing to do.
set -eu
umask 022

usage() {
  cat <<'END'
usage: ops/install.sh [install] [--prefix DIR] [--dry-run]
       ops/install.sh uninstall [--purge] [--dry-run]

  --prefix DIR  where the program goes, /opt/vestnik unless told otherwise
  --dry-run     says what would be done, and does nothing
  --purge       takes away data, settings, credentials and users as well

START_SPACING_S: seconds between the starts of the two gateways when both are upgraded, 60 unless told otherwise
END
}

fail() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}

source=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
units=/etc/systemd/system
settings=/etc/vestnik
credentials='telegram-api-hash telegram-proxy send-text-session send-media-session api-tokens callback-secret
  monitor-password-hash gateway-token alert-webhook-url'
services='vestnik-send-text.service vestnik-send-media.service vestnik-monitor.service'
users='vestnik vestnik-monitor'
unit_files="$services vestnik-.service.d/confined.conf vestnik-send-.service.d/gateway.conf"
polkit_rules=/etc/polkit-1/rules.d/50-vestnik.rules

# As the monitor's setting of this name: seconds between the starts of the account's two gateways.
spacing=${START_SPACING_S:-60}

action=install prefix='' dry_run='' purge='' changed='' enabled='' new='' stopped=''
while [ $# -gt 0 ]; do
  case $1 in
    install | uninstall) action=$1 ;;
    --prefix) [ $# -gt 1 ] || fail '--prefix takes a folder, such as /opt/vestnik'; prefix=$2; shift ;;
    --prefix=*) prefix=${1#*=} ;;
    --dry-run) dry_run=yes ;;
    --purge) purge=yes ;;
    -h | --help) usage; exit ;;
    *) usage >&2; fail "$1 is not known" ;;
  esac
  shift
done

# Whatever way it ends.
clean_up() {
  [ -z "$new" ] || rm -rf "$new"
  [ -z "$stopped" ] || systemctl start "$stopped"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

# Runs a command that changes the system, or only says so.
change() {
  changed=yes
  if [ "$dry_run" ]; then printf 'would run: %s\n' "$*"; else "$@"; fi
}

# A file of ops/systemd, with the prefix filled in, where it is not there already just so: put FILE MODE TO
put() {
  filled=$(sed "s#/opt/vestnik#$prefix#g" "$source/ops/systemd/$1")
  if [ -e "$3" ] && [ "$(cat "$3")" = "$filled" ]; then return; fi
  changed=yes
  if [ "$dry_run" ]; then printf 'would write: %s\n' "$3"; return; fi
  mkdir -p "$(dirname "$3")"
  # Never there with less protection than it is to have.
  (umask 077 && printf '%s\n' "$filled" >"$3.new")
  chmod "$2" "$3.new"
  mv "$3.new" "$3"
}

# The prefix that an earlier run chose.
installed_prefix() {
  sed -n 's#^ExecStart=\(.*\)/node .*#\1#p' "$units/vestnik-monitor.service" 2>/dev/null || :
}

check_prefix() {
  earlier=$(installed_prefix)
  : "${prefix:=${earlier:-/opt/vestnik}}"
  prefix=${prefix%/}
  case $prefix in
    *[!A-Za-z0-9._/-]* | *..* | [!/]* | '') fail "--prefix takes an absolute path of letters, digits and ._-/, not $prefix" ;;
  esac
  if [ "$earlier" ] && [ "$earlier" != "$prefix" ]; then
    fail "it is installed under $earlier: uninstall it there first, which leaves data and settings"
  fi
  for path in "$prefix" "$prefix.old" "$prefix.new"; do
    if [ -e "$path" ] && [ ! -e "$path/.vestnik" ]; then
      fail "$path is there and was not made by this script: move it away, or choose another --prefix"
    fi
  done
}

check_system() {
  [ "$(id -u)" = 0 ] || [ "$dry_run" ] || fail 'must be run by root'
  version=$(systemctl --version 2>/dev/null | sed -n '1s/^systemd \([0-9]*\).*/\1/p')
  [ "${version:-0}" -ge 250 ] || fail "needs systemd 250 or newer, as Debian 12 has it; here is ${version:-none}"
}

check_source() {
  [ -e "$source/node_modules/.package-lock.json" ] || fail "there is no node_modules: run npm ci in $source first"
  "$source/node_modules/.bin/node" --version >/dev/null ||
    fail 'the Node in node_modules does not run here: apt-get install libatomic1, or npm ci on this machine'
}

# What developers alone need, as patterns of tar.
left_out() {
  printf '%s\n' 'apps/*.test.ts' 'apps/*/testing' 'dashboard/*.test.*' 'node_modules/.*' 'node_modules/node-*-*'
  "$source/node_modules/.bin/node" -e '
    const { packages } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    for (const [path, { dev }] of Object.entries(packages)) if (dev) console.log(path);
  ' "$source/package-lock.json"
}

# Made beside what is there, and put in its place when it is whole and different.
put_tree() {
  if [ "$dry_run" ]; then new=$(mktemp -d); else new=$prefix.new; fi
  rm -rf "$new"
  mkdir -p "$new"
  left_out >"$new/.vestnik"
  {
    tar -C "$source" -c --anchored --exclude-from="$new/.vestnik" \
      apps dashboard node_modules package.json package-lock.json .env.example LICENSE || : >"$new/.cut"
  } | tar -C "$new" -x --no-same-owner --no-same-permissions
  [ ! -e "$new/.cut" ] || fail "$source could not be read to its end"
  cp -L "$source/node_modules/.bin/node" "$new/node"
  sed "s#/opt/vestnik#$prefix#g" "$source/ops/systemd/vestnik-account" >"$new/vestnik-account"
  chmod -R u=rwX,go=rX "$new"
  chmod 0755 "$new/node" "$new/vestnik-account"
  if diff -rq --no-dereference "$new" "$prefix" >/dev/null 2>&1; then return; fi
  changed=yes
  if [ "$dry_run" ]; then
    printf 'would copy: %s, without what only developers need, to %s\n' "$source" "$prefix"
    return
  fi
  rm -rf "$prefix.old"
  if [ -e "$prefix" ]; then mv "$prefix" "$prefix.old"; fi
  mv "$new" "$prefix"
  rm -rf "$prefix.old"
}

put_users() {
  for user in $users; do
    id "$user" >/dev/null 2>&1 ||
      change useradd --system --user-group --home-dir "/var/lib/$user" --no-create-home --shell /usr/sbin/nologin "$user"
    [ -d "/var/lib/$user" ] || change install -d -m 0700 -o "$user" -g "$user" "/var/lib/$user"
  done
}

put_settings() {
  [ -d "$settings/credentials" ] || {
    change install -d -m 0755 "$settings"
    change install -d -m 0700 "$settings/credentials"
  }
  for file in gateways.env monitor.env; do
    [ -e "$settings/$file" ] || put "$file" 0600 "$settings/$file"
  done
  # An empty one is as none.
  for name in $credentials; do
    [ -e "$settings/credentials/$name" ] || change install -m 0600 /dev/null "$settings/credentials/$name"
  done
}

# What runs is started anew, but never both gateways together: Telegram would see two clients of one account come at once.
# Media waits while it is stopped, for both share a database, which the first to start may bring up to date.
restart_what_runs() {
  change systemctl try-restart vestnik-monitor.service
  if ! systemctl is-active --quiet vestnik-send-text.service || ! systemctl is-active --quiet vestnik-send-media.service; then
    change systemctl try-restart vestnik-send-text.service vestnik-send-media.service
    return
  fi
  [ "$dry_run" ] || stopped=vestnik-send-media.service
  change systemctl stop vestnik-send-media.service
  change systemctl restart vestnik-send-text.service
  [ "$dry_run" ] || echo "send-media is started in $spacing s: the account's two gateways are kept apart"
  change sleep "$spacing"
  stopped=''
  change systemctl start vestnik-send-media.service
}

next_steps() {
  cat <<END

Next:
  1. Settings: TELEGRAM_API_ID in $settings/gateways.env, the hash in $settings/credentials/telegram-api-hash
  2. Sign in, once: $prefix/vestnik-account login
  3. See that all is well, before anything is sent: $prefix/vestnik-account check-setup
  4. systemctl start $(echo "$services" | sed 's/\.service//g')
  5. The dashboard: http://127.0.0.1:5099, with the password that is in: journalctl -u vestnik-monitor
END
  [ -x /usr/lib/polkit-1/polkitd ] || [ -x /usr/libexec/polkitd ] ||
    echo '  Without polkit the dashboard only shows: apt-get install polkitd lets it start and stop.'
}

install_all() {
  check_source
  put_users
  put_settings
  put_tree
  [ ! -e "$units/vestnik-monitor.service" ] || enabled=yes
  for file in $unit_files; do put "$file" 0644 "$units/$file"; done
  put 50-vestnik.rules 0644 "$polkit_rules"
  if [ -z "$changed" ]; then
    echo 'nothing to do: all of it is there already'
    return
  fi
  change systemctl daemon-reload
  # Only once: who has disabled one since means it.
  # shellcheck disable=SC2086 # Each is a word of its own.
  [ "$enabled" ] || change systemctl --quiet enable $services
  restart_what_runs
  [ "$enabled" ] || next_steps
}

uninstall_all() {
  for service in $services; do
    [ ! -e "$units/$service" ] || change systemctl --quiet disable --now "$service"
  done
  for file in $unit_files; do
    [ ! -e "$units/$file" ] || change rm "$units/$file"
  done
  for path in "$units/vestnik-.service.d" "$units/vestnik-send-.service.d"; do
    # What an operator put there stays.
    [ ! -d "$path" ] || change rmdir --ignore-fail-on-non-empty "$path"
  done
  for path in "$polkit_rules" "$prefix" /var/cache/vestnik-*; do
    [ ! -e "$path" ] || change rm -r "$path"
  done
  change systemctl daemon-reload
  # shellcheck disable=SC2086
  change systemctl reset-failed $services 2>/dev/null || :
  if [ "$purge" ]; then
    for user in $users; do
      change rm -rf "/var/lib/$user"
      if id "$user" >/dev/null 2>&1; then change userdel "$user"; fi
    done
    change rm -rf "$settings"
  else
    echo "left: data in /var/lib/vestnik and /var/lib/vestnik-monitor, settings in $settings, and the users they belong to"
  fi
}

case $spacing in '' | *[!0-9]*) fail "START_SPACING_S takes whole seconds, such as 60, not $spacing" ;; esac
check_system
check_prefix
"${action}_all"
