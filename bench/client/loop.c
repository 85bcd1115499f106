#include "loop.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS_AT_ONCE = 512 };

static const uint64_t AWAKE_NS = 500000;

static int epoll = -1;
static uint64_t worked_ns;
static bool stays_awake;
static void (*ring)(void);
static void on_alarm(Watch *watch, uint32_t events);
/* A timer of its own: the timeout of epoll_wait counts in milliseconds, which is too coarse for a schedule. */
static Watch alarm_watch = {-1, on_alarm};

uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

void loop_start(void) {
  epoll = epoll_create1(0);
  if (epoll < 0) die("epoll_create1");
  alarm_watch.fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  if (alarm_watch.fd < 0) die("timerfd_create");
  loop_add(&alarm_watch, EPOLLIN);
}

static void control(int operation, Watch *watch, uint32_t events) {
  struct epoll_event event = {.events = events, .data.ptr = watch};
  if (epoll_ctl(epoll, operation, watch->fd, &event) < 0) die("epoll_ctl");
}

void loop_add(Watch *watch, uint32_t events) { control(EPOLL_CTL_ADD, watch, events); }

void loop_change(Watch *watch, uint32_t events) { control(EPOLL_CTL_MOD, watch, events); }

void loop_alarm(uint64_t at_ns, void (*then)(void)) {
  struct itimerspec when = {.it_value = {(time_t)(at_ns / 1000000000u), (long)(at_ns % 1000000000u)}};
  ring = then;
  timerfd_settime(alarm_watch.fd, TFD_TIMER_ABSTIME, &when, NULL);
}

static void on_alarm(Watch *watch, uint32_t events) {
  uint64_t expirations;
  (void)events;
  if (read(watch->fd, &expirations, sizeof expirations) > 0 && ring) ring();
}

void loop_turn(uint64_t deadline_ns) {
  static uint64_t awake_until;
  struct epoll_event events[EVENTS_AT_ONCE];
  uint64_t now = now_ns();
  bool is_awake = now < awake_until || deadline_ns <= now;
  int timeout_ms = is_awake ? 0 : (int)((deadline_ns - now) / 1000000u) + 1;
  int count = epoll_wait(epoll, events, EVENTS_AT_ONCE, timeout_ms);
  if (count < 0 && errno != EINTR) die("epoll_wait");
  if (count <= 0) return;
  uint64_t started = is_awake ? now : now_ns();
  for (int i = 0; i < count; i++) {
    Watch *watch = events[i].data.ptr;
    watch->ready(watch, events[i].events);
  }
  now = now_ns();
  worked_ns += now - started;
  if (stays_awake) awake_until = now + AWAKE_NS;
}

void loop_stay_awake(bool yes) { stays_awake = yes; }

uint64_t loop_worked_ns(void) { return worked_ns; }

void die(const char *what) {
  fprintf(stderr, "load client: %s: %s\n", what, strerror(errno));
  exit(1);
}
