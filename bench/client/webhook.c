#include "webhook.h"
#include "loop.h"
#include "sha256.h"
#include "stamp.h"
#include "target.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD_ROOM = 600, MESSAGE_ROOM = 700 };

static const char OPEN[] =
    "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"102290129340398\",\"changes\":[{\"value\":{"
    "\"messaging_product\":\"whatsapp\",\"metadata\":{\"display_phone_number\":\"15550783881\","
    "\"phone_number_id\":\"106540352242922\"},\"contacts\":[";
static const char BETWEEN[] = "],\"messages\":[";
static const char CLOSE[] = "]},\"field\":\"messages\"}]}]}";
static const char TEXT[] = " Good morning, the parcel of last week is not here yet. Could you look where it is?";

static char *body, *request;
static size_t room, length;
static uint64_t next, series;

static void make_room(unsigned batch) {
  size_t needed = HEAD_ROOM + (size_t)batch * MESSAGE_ROOM;
  if (needed <= room) return;
  room = needed;
  body = realloc(body, room);
  request = realloc(request, room + HEAD_ROOM);
  if (!body || !request) die("realloc");
}

static unsigned customer_of(uint64_t ordinal) { return (unsigned)(ordinal % target.customers); }

static size_t put_message(char *out, uint64_t ordinal, uint64_t planned_ns) {
  char stamp[STAMP_LENGTH + 1] = "";
  stamp_write(stamp, planned_ns);
  return (size_t)sprintf(out,
                         "{\"from\":\"4917600%06u\",\"id\":\"wamid.HBgM%016llx%012llx\",\"timestamp\":\"1749416383\","
                         "\"text\":{\"body\":\"%s%s\"},\"type\":\"text\"}",
                         customer_of(ordinal), (unsigned long long)series, (unsigned long long)ordinal, stamp, TEXT);
}

static size_t make_body(unsigned batch, uint64_t planned_ns) {
  size_t at = (size_t)sprintf(body, "%s", OPEN);
  for (unsigned i = 0; i < batch; i++) {
    unsigned customer = customer_of(next + i);
    at += (size_t)sprintf(body + at, "%s{\"profile\":{\"name\":\"Customer %u\"},\"wa_id\":\"4917600%06u\"}",
                          i > 0 ? "," : "", customer, customer);
  }
  at += (size_t)sprintf(body + at, "%s", BETWEEN);
  for (unsigned i = 0; i < batch; i++) {
    if (i > 0) body[at++] = ',';
    at += put_message(body + at, next + i, planned_ns);
  }
  next += batch;
  return at + (size_t)sprintf(body + at, "%s", CLOSE);
}

Request webhook_request(unsigned batch, uint64_t planned_ns) {
  char signature[SHA256_HEX + 1] = "";
  if (series == 0) series = now_ns();
  make_room(batch);
  size_t size = make_body(batch, planned_ns);
  hmac_sha256_hex(target.secret, body, size, signature);
  length = (size_t)sprintf(request,
                           "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: facebookexternalua\r\n"
                           "X-Hub-Signature-256: sha256=%s\r\nContent-Type: application/json\r\n"
                           "Content-Length: %zu\r\n\r\n",
                           target.publish_path, target.port, signature, size);
  memcpy(request + length, body, size);
  length += size;
  return webhook_repeat();
}

Request webhook_repeat(void) { return (Request){request, length}; }
