/*
 * The load client: `load DIALECT PORT PUBLISH_PATH`, the token in LOAD_TOKEN. It reads one command a line and
 * answers each with one line of JSON. With the dialect `agents`, LOAD_SECRET is what webhooks are signed with
 * and LOAD_CUSTOMERS how many write. Commands:
 *
 *   open COUNT IN_FLIGHT                               readers connect and become live
 *   publish CONNECTIONS REQUESTS BATCH PER_SECOND [REPEAT_EVERY]
 *                                                      0 a second: each as soon as the last was answered
 *   agents FILE                                        a line `token conversation` for each reader to open
 *   get COUNT PATH [ETAG]                              one after another on one connection
 *   cut                                                every reader's connection is destroyed
 *   back resume|anew                                   all of them return at once
 */
#include "histogram.h"
#include "loop.h"
#include "publisher.h"
#include "readers.h"
#include "target.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

static const uint64_t SECOND = 1000000000u;
static const uint64_t OPEN_SECONDS = 120;
/* Without one more answer or row for so long, nothing more will come. */
static const uint64_t QUIET_SECONDS = 5;

static char line[8192];
static size_t line_length;
static bool line_is_whole;

static void on_stdin(Watch *watch, uint32_t events) {
  char c;
  if (!(events & EPOLLIN)) exit(0); /* nothing to read: whoever started us is gone */
  if (line_is_whole) return;
  ssize_t got = read(watch->fd, &c, 1);
  if (got <= 0) exit(0);
  if (c == '\n') line_is_whole = true;
  else if (line_length < sizeof line - 1) line[line_length++] = c;
}

static void print_readers(void) {
  uint64_t least, most;
  readers_offsets(&least, &most);
  printf("\"live\":%u,\"failed\":%u,\"frames\":%llu,\"rows\":%llu,\"bytes\":%llu,\"reads\":%llu,\"gaps\":%llu,"
         "\"first_rows\":%llu,\"frame_length\":%zu,\"unread\":%llu,\"least_offset\":%llu,\"most_offset\":%llu,",
         tally.live, tally.failed, (unsigned long long)tally.frames, (unsigned long long)tally.rows,
         (unsigned long long)tally.bytes, (unsigned long long)tally.reads, (unsigned long long)tally.gaps,
         (unsigned long long)tally.first_rows, tally.frame_length, (unsigned long long)tally.unread,
         (unsigned long long)least, (unsigned long long)most);
  printf("\"problem\":\"");
  for (const char *c = tally.problem; *c; c++) {
    if (*c == '"' || *c == '\\') putchar('\\');
    if ((unsigned char)*c >= ' ') putchar(*c);
  }
  printf("\",");
  histogram_print("opening", &tally.opening);
}

static void opened(uint64_t started) {
  printf("{\"ms\":%.3f,", (double)(now_ns() - started) / 1e6);
  print_readers();
  printf("}\n");
}

static void open_readers(unsigned count, unsigned in_flight) {
  uint64_t started = now_ns();
  tally_clear();
  readers_open(count, in_flight, started + OPEN_SECONDS * SECOND);
  opened(started);
}

static void back(bool resume) {
  uint64_t started = now_ns();
  tally_clear();
  readers_back(resume, started + OPEN_SECONDS * SECOND);
  opened(started);
}

/*
 * Until everything is answered and every row is with every reader, or nothing moves any more. An agent who was slow is
 * told the newest of each conversation alone: then fewer rows come.
 */
static uint64_t wait_for_rows(uint64_t expected) {
  uint64_t moved = now_ns(), rows = 0, answers = 0;
  while (!publisher_done() || tally.rows < expected) {
    loop_turn(now_ns() + SECOND / 10);
    uint64_t now = now_ns();
    if (tally.rows != rows || publication.answered != answers) moved = now;
    rows = tally.rows;
    answers = publication.answered;
    uint64_t quiet = publisher_done() && target.dialect == AGENTS ? SECOND : QUIET_SECONDS * SECOND;
    if (now - moved > quiet) return moved;
  }
  return now_ns();
}

static void publish(const Plan *plan) {
  uint64_t repeats = plan->repeat_every > 0 ? plan->requests / plan->repeat_every : 0;
  uint64_t messages = (plan->requests - repeats) * plan->batch, expected = messages * tally.live;
  uint64_t worked = loop_worked_ns(), started = now_ns();
  tally_clear();
  publisher_start(plan);
  uint64_t ended = wait_for_rows(expected);
  if (!publisher_done()) die("publish: requests were not answered");
  printf("{\"load\":%.3f,\"messages\":%llu,\"refused\":%llu,\"refusal\":%d,\"answered_ms\":%.3f,\"delivered_ms\":%.3f,"
         "\"expected_rows\":%llu,",
         (double)(loop_worked_ns() - worked) / (double)(now_ns() - started), (unsigned long long)messages,
         (unsigned long long)publication.refused,
         publication.status, (double)(publication.last_answer_ns - publication.first_ns) / 1e6,
         (double)(ended - publication.first_ns) / 1e6, (unsigned long long)expected);
  histogram_print("answers", &publication.answers);
  printf(",");
  histogram_print("latency", &tally.latency);
  printf(",");
  print_readers();
  printf("}\n");
}

static void get(uint64_t count, const char *path, const char *etag) {
  publisher_get(path, etag, count);
  printf("{\"status\":%d,\"bytes\":%llu,\"etag\":\"", publisher_status(),
         (unsigned long long)publisher_answer_bytes());
  for (const char *c = publisher_etag(); *c; c++) printf(*c == '"' ? "\\\"" : "%c", *c);
  printf("\",");
  histogram_print("answers", &publication.answers);
  printf("}\n");
}

static void obey(void) {
  char path[2000], etag[200] = "", how[20];
  unsigned a, b, c, d = 0;
  unsigned long long count;
  double rate;
  if (sscanf(line, "open %u %u", &a, &b) == 2) open_readers(a, b);
  else if (sscanf(line, "publish %u %llu %u %lf %u", &a, &count, &c, &rate, &d) >= 4)
    publish(&(Plan){.connections = a, .requests = count, .batch = c, .per_second = rate, .repeat_every = d});
  else if (sscanf(line, "get %llu %1999s %199s", &count, path, etag) >= 2) get(count, path, etag);
  else if (sscanf(line, "back %19s", how) == 1) back(strcmp(how, "resume") == 0);
  else if (sscanf(line, "agents %1999s", path) == 1) {
    target_agents(path);
    printf("{}\n");
  } else if (strcmp(line, "cut") == 0) {
    readers_cut();
    printf("{}\n");
  } else printf("{\"error\":\"unknown command\"}\n");
  fflush(stdout);
}

int main(int count, char **arguments) {
  static const char *const dialects[] = {"roost", "ws", "socket.io", "agents"};
  if (count != 4) {
    fprintf(stderr, "usage: load roost|ws|socket.io|agents PORT PUBLISH_PATH\n");
    return 2;
  }
  for (int i = 0; i < 4; i++)
    if (strcmp(arguments[1], dialects[i]) == 0) target.dialect = (Dialect)i;
  target.port = atoi(arguments[2]);
  target.publish_path = arguments[3];
  target.token = getenv("LOAD_TOKEN") ? getenv("LOAD_TOKEN") : "";
  target.secret = getenv("LOAD_SECRET") ? getenv("LOAD_SECRET") : "";
  target.customers = getenv("LOAD_CUSTOMERS") ? (unsigned)atoi(getenv("LOAD_CUSTOMERS")) : 1;
  loop_start();
  Watch input = {STDIN_FILENO, on_stdin};
  loop_add(&input, EPOLLIN);
  for (;;) {
    while (!line_is_whole) loop_turn(now_ns() + 60 * SECOND);
    line[line_length] = '\0';
    obey();
    line_length = 0;
    line_is_whole = false;
  }
}
