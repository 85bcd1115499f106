#define _GNU_SOURCE
#include "dialect.h"
#include "readers.h"
#include "stamp.h"
#include "target.h"
#include "websocket.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char epoch[40]; /* of the target's log, as `connected` names it */

static bool is_roost(void) { return target.dialect == ROOST || target.dialect == AGENTS; }

int dialect_upgrade(char *request, size_t room) {
  static const char *const paths[] = {"/api/v1/ws", "/", "/socket.io/?EIO=4&transport=websocket", "/api/v1/ws"};
  return snprintf(request, room,
                  "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n",
                  paths[target.dialect], target.port,
                  is_roost() ? "Sec-WebSocket-Protocol: roost.v1\r\n" : "");
}

/* What a screen has open: the list, a person's own unread, and one conversation. */
static int agent_subscriptions(char *out, size_t room, const Agent *agent) {
  return snprintf(out, room,
                  "[{\"id\":\"s1\",\"channel\":\"conversations\",\"params\":{\"view\":\"open\",\"limit\":50}},"
                  "{\"id\":\"s2\",\"channel\":\"unread\"},{\"id\":\"s3\",\"channel\":\"thread:%s\","
                  "\"params\":{\"limit\":50}}]",
                  agent->conversation);
}

void dialect_upgraded(Reader *reader, bool resumes) {
  char subscriptions[600] = "[{\"id\":\"s1\",\"channel\":\"inbox\",\"params\":{\"limit\":50}}]";
  const char *token = target.token;
  reader->state = GREETING;
  if (!is_roost()) return; /* the peers speak first */
  if (target.dialect == AGENTS) {
    if (reader->ordinal >= target.agent_count) die("more readers than agents");
    token = target.agents[reader->ordinal].token;
    agent_subscriptions(subscriptions, sizeof subscriptions, &target.agents[reader->ordinal]);
  }
  char hello[6000], cursor[80] = "";
  if (resumes && epoch[0])
    snprintf(cursor, sizeof cursor, "\"cursor\":\"%s.%llu\",", epoch, (unsigned long long)reader->offset);
  int length = snprintf(hello, sizeof hello,
                        "{\"type\":\"hello\",\"token\":\"%s\",%s\"subscriptions\":%s}", token, cursor,
                        subscriptions);
  reader_send(reader, OP_TEXT, hello, (size_t)length);
}

static bool starts(const char *text, size_t length, const char *with) {
  size_t needed = strlen(with);
  return length >= needed && memcmp(text, with, needed) == 0;
}

/* Counts the rows of a frame, each by its stamp. */
static void count_rows(const char *text, size_t length, uint64_t now) {
  static size_t usual_offset, usual_length;
  uint64_t planned;
  const char *end = stamp_at(text, length, &usual_offset, &planned);
  if (!end) return;
  tally.frames++;
  tally.rows++;
  histogram_add(&tally.latency, now - planned);
  /* The frames of a run hardly differ: one as long as the last that was searched to its end has one row too. */
  if (length == usual_length) return;
  uint64_t rows = 1;
  while ((end = stamp_find(end, text + length, &planned))) {
    rows++;
    histogram_add(&tally.latency, now - planned);
  }
  tally.rows += rows - 1;
  if (rows == 1) usual_length = tally.frame_length = length;
}

static uint64_t count_stamps(const char *text, size_t length) {
  uint64_t rows = 0, ignored;
  const char *from = text;
  while ((from = stamp_find(from, text + length, &ignored))) rows++;
  return rows;
}

/* The number after `name`, which stands near the front. */
static uint64_t number_after(const char *text, size_t length, const char *name) {
  const char *found = memmem(text, length < 200 ? length : 200, name, strlen(name));
  return found ? strtoull(found + strlen(name), NULL, 10) : 0;
}

static void read_connected(Reader *reader, const char *text, size_t length) {
  const char *cursor = memmem(text, length, "\"cursor\":\"", 10);
  const char *dot = cursor ? memchr(cursor, '.', length - (size_t)(cursor - text)) : NULL;
  if (!dot || dot - cursor - 10 >= (long)sizeof epoch) {
    reader_problem("connected without a cursor", text, length);
    return;
  }
  memcpy(epoch, cursor + 10, (size_t)(dot - cursor - 10));
  epoch[dot - cursor - 10] = '\0';
  reader->offset = strtoull(dot + 1, NULL, 10);
  const char *frames = memmem(text, length, "\"frames\":", 9);
  reader->awaited = frames ? (uint32_t)strtoul(frames + 9, NULL, 10) : 0;
  reader->state = CATCHING_UP;
}

static const char LIST_DELTA[] = "{\"type\":\"delta\",\"channel\":\"conversations\"";
static const char UNREAD_DELTA[] = "{\"type\":\"delta\",\"channel\":\"unread\"";

static void read_delta(Reader *reader, const char *text, size_t length, uint64_t now) {
  uint64_t prev = number_after(text, length, "\"prev\":");
  if (prev > reader->offset) {
    tally.gaps++;
    reader_problem("a delta was missed before", text, length);
  }
  uint64_t offset = number_after(text, length, "\"offset\":");
  /* Of several channels in one cut some may end sooner. */
  if (offset > reader->offset) reader->offset = offset;
  if (target.dialect != AGENTS || starts(text, length, LIST_DELTA)) count_rows(text, length, now);
  else if (starts(text, length, UNREAD_DELTA)) tally.unread++;
}

static void roost_text(Reader *reader, const char *text, size_t length, uint64_t now) {
  if (reader->state == CATCHING_UP) {
    if (starts(text, length, "{\"type\":\"error\"")) reader_problem("error frame", text, length);
    tally.first_rows += count_stamps(text, length);
    if (--reader->awaited == 0) reader_live(reader);
  } else if (starts(text, length, "{\"type\":\"delta\"")) read_delta(reader, text, length, now);
  else if (starts(text, length, "{\"type\":\"ping\"")) reader_send(reader, OP_TEXT, "{\"type\":\"pong\"}", 15);
  else if (starts(text, length, "{\"type\":\"connected\"")) {
    read_connected(reader, text, length);
    if (reader->state == CATCHING_UP && reader->awaited == 0) reader_live(reader);
  } else if (starts(text, length, "{\"type\":\"error\"")) reader_problem("error frame", text, length);
}

/* The first thing a peer sends is its snapshot. */
static void peer_text(Reader *reader, const char *text, size_t length, uint64_t now) {
  if (reader->state == LIVE) {
    count_rows(text, length, now);
    return;
  }
  tally.first_rows += count_stamps(text, length);
  reader_live(reader);
}

static void socket_io_text(Reader *reader, const char *text, size_t length, uint64_t now) {
  if (text[0] == '0') reader_send(reader, OP_TEXT, "40", 2);
  else if (text[0] == '2') reader_send(reader, OP_TEXT, "3", 1);
  else if (starts(text, length, "42")) peer_text(reader, text, length, now);
  else if (!starts(text, length, "40")) reader_problem("unexpected packet", text, length);
}

void dialect_text(Reader *reader, const char *text, size_t length, uint64_t now) {
  switch (target.dialect) {
    case ROOST:
    case AGENTS:
      roost_text(reader, text, length, now);
      return;
    case BARE_WS:
      peer_text(reader, text, length, now);
      return;
    case SOCKET_IO:
      if (length > 0) socket_io_text(reader, text, length, now);
      return;
  }
}
