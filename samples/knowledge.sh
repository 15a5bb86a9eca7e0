#!/usr/bin/env bash
# Uploads a PDF to the knowledge base, waits until it is understood, finds passages by what is meant rather than by what is said, and gets
# an answer whose quote it checks.
#
#   samples/knowledge.sh                       our guide for newcomers, and questions about it
#   samples/knowledge.sh paper.pdf "…?"        a file and a question of your own
#   XENTREE_API=https://… samples/knowledge.sh another installation
#
# It needs no key: the model that takes the meaning of texts runs in the worker and in the API.
set -euo pipefail

api=${XENTREE_API:-http://localhost:5080}
file=${1:-$(dirname "$0")/settling-in.pdf}
questions=("${@:2}")
[ ${#questions[@]} -gt 0 ] || questions=("How can I stop mould growing in my flat?" "Will a doctor see me if I have no insurance?" "What happens if I have no ticket on the train?")

# The first value of a text or number field of a JSON object.
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" | head -n 1; }
# A text as JSON shows it.
quoted() {
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  printf '"%s"' "${text//$'\n'/\\n}"
}
call() { curl --silent --show-error --fail-with-body "$@"; }
post() { call --header 'Content-Type: application/json' "$@"; }

name=sample-$(date +%s)-$RANDOM
password="sample $RANDOM password $RANDOM"
post "$api/api/auth/register" --data "{\"username\":\"$name\",\"email\":\"$name@example.org\",\"password\":\"$password\"}" >/dev/null
token=$(call "$api/api/auth/login" --data-urlencode "username=$name" --data-urlencode "password=$password" | field access_token)
authorization="Authorization: Bearer $token"

document=$(call "$api/api/knowledge/documents" --header "$authorization" --form "file=@$file")
id=$(field id <<<"$document")
echo "$(basename "$file") is document $id."

for _ in $(seq 240); do
  document=$(call "$api/api/knowledge/documents/$id" --header "$authorization")
  case $(field status <<<"$document") in
    ready) break ;;
    failed) echo "It could not be read: $document" >&2; exit 1 ;;
  esac
  sleep 0.5
done
[ "$(field status <<<"$document")" = ready ] || { echo "It was not read in time: $document" >&2; exit 1; }
echo "It has $(field chunk_count <<<"$document") passages."

for question in "${questions[@]}"; do
  found=$(post "$api/api/knowledge/search" --header "$authorization" --data "{\"query\":$(quoted "$question"),\"limit\":1}")
  # The content may hold quotes, which JSON escapes.
  content=$(sed -n 's/.*"content":"\(\([^"\\]\|\\.\)*\)".*/\1/p' <<<"$found")
  [ -n "$content" ] || { echo "Nothing was found for: $question" >&2; exit 1; }
  printf '\n%s\n  page %s: %b\n' "$question" "$(field page <<<"$found")" "${content//\\\"/\"}"
done

# The raw text of a JSON string field, escapes and all.
raw() { sed -n "s/.*\"$1\":\"\(\([^\"\\\\]\|\\\\.\)*\)\".*/\1/p"; }
question=${2:-How long should I open the windows wide?}
answer=$(post "$api/api/rag/query" --header "$authorization" --data "{\"query\":$(quoted "$question"),\"document_ids\":[\"$id\"]}")
quote=$(raw quote <<<"$answer")
said=$(raw answer <<<"$answer")
printf '\n%s\n  %b\n' "$question" "${said//\\\"/\"}"
if [ -n "$quote" ]; then
  # What is quoted stands in the document, word for word.
  chunks=$(call "$api/api/knowledge/documents/$id/chunks?limit=100" --header "$authorization")
  grep --quiet --fixed-strings -- "$quote" <<<"$chunks" || { echo "This quote does not stand there: $quote" >&2; exit 1; }
  printf '  quoted word for word: “%b”\n' "${quote//\\\"/\"}"
elif [ $# -eq 0 ]; then
  echo "There is no citation: $answer" >&2
  exit 1
fi

echo
echo "The knowledge base works."
