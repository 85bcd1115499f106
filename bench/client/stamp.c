#define _GNU_SOURCE
#include "stamp.h"
#include <stdio.h>
#include <string.h>

static const char MARK[] = "bench~";
enum { MARK_LENGTH = sizeof MARK - 1, DIGITS = 16 };

void stamp_write(char *out, uint64_t ns) {
  char text[STAMP_LENGTH + 1];
  snprintf(text, sizeof text, "%s%016llx~", MARK, (unsigned long long)ns);
  memcpy(out, text, STAMP_LENGTH);
}

static const char *read_digits(const char *mark, uint64_t *ns) {
  uint64_t value = 0;
  for (int i = 0; i < DIGITS; i++) {
    char c = mark[MARK_LENGTH + i];
    value = value << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  *ns = value;
  return mark + STAMP_LENGTH;
}

const char *stamp_find(const char *from, const char *end, uint64_t *ns) {
  if (end - from < STAMP_LENGTH) return NULL;
  const char *mark = memmem(from, (size_t)(end - from), MARK, MARK_LENGTH);
  return mark && end - mark >= STAMP_LENGTH ? read_digits(mark, ns) : NULL;
}

const char *stamp_at(const char *text, size_t length, size_t *offset, uint64_t *ns) {
  if (*offset + STAMP_LENGTH <= length && memcmp(text + *offset, MARK, MARK_LENGTH) == 0)
    return read_digits(text + *offset, ns);
  const char *end = stamp_find(text, text + length, ns);
  if (end) *offset = (size_t)(end - STAMP_LENGTH - text);
  return end;
}
