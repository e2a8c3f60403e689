/* libcommon/test/test_document.c
 * The documents of a small service, whole where they are short. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libcommon/document.h"

struct item {
    struct gg_id id;
};
static const struct gg_field item_fields[] = {GG_ID(struct item, id, GG_REQUIRED, "which")};
static const struct gg_msg item_msg = GG_MSG("Item", struct item, item_fields, "One item.");

struct item_list {
    struct gg_list items;
};
static const struct gg_field item_list_fields[] = {
    GG_LIST(struct item_list, items, GG_REQUIRED, 0, 9, &item_msg, "items"),
};
static const struct gg_msg item_list_msg = GG_MSG("ItemList", struct item_list, item_list_fields, "Some items.");

struct item_query {
    struct gg_page page;
    int64_t lat;
};
static const struct gg_field item_query_fields[] = {
    GG_PAGE_FIELDS(struct item_query),
    GG_DEG(struct item_query, lat, GG_REQUIRED, -90000000, 90000000, "where"),
};
static const struct gg_msg item_query_msg = GG_MSG("ItemQuery", struct item_query, item_query_fields, "Where.");

static const struct gg_problem item_full = {"item_full", 409, false, "No room.", "자리가 없습니다."};
static const struct gg_problem *const problems[] = {&item_full, NULL};

static const struct gg_route routes[] = {
    {.method = GG_GET,
     .path = "/v1/demo/items",
     .auth = GG_PUBLIC,
     .query = &item_query_msg,
     .out = &item_list_msg,
     .status = 200,
     .summary = "Lists items"},
    {.method = GG_PUT,
     .path = "/v1/demo/items/:id/big-photo",
     .auth = GG_USER,
     .flags = GG_RAW,
     .max_body = 1000,
     .status = 204,
     .summary = "Uploads"},
    {.method = GG_POST,
     .path = "/v1/demo/items",
     .auth = GG_USER,
     .flags = GG_KEY,
     .in = &item_msg,
     .out = &item_msg,
     .status = 201,
     .summary = "Adds an item",
     .problems = problems},
};

static const struct gg_event_type added = {"demo.item.added.v1", "gonggu.demo", &item_msg, "an item was added"};
static const struct gg_event_type gone = {"demo.item.gone.v1", "gonggu.demo", &item_msg, "an item has gone"};
static const struct gg_event_type ended = {"auth.session.ended.v1", "gonggu.auth", &item_list_msg, "a session ended"};
static const struct gg_event_type *const emits[] = {&added, &gone, NULL};
static const struct gg_consumes consumes[] = {{&ended, NULL}, {&added, NULL}};

static const struct gg_ws_class socket_class = {.path = "/v1/demo/socket", .subprotocol = "demo.v1", .max_message = 99};
static const struct gg_msg *const ws_in[] = {&item_msg, NULL};
static const struct gg_msg *const ws_out[] = {&item_list_msg, NULL};

static const char *const states[] = {"open", "shut", NULL}, *const events[] = {"close", NULL};
static const struct gg_transition rows[] = {{0, 0, 1, "it is late"}};
static const struct gg_fsm door = {"door", states, events, rows, 1};
static const struct gg_fsm *const lifecycles[] = {&door, NULL};

static const struct gg_service service = {
    .name = "demo",
    .title = "Demo",
    .routes = routes,
    .n_routes = GG_LEN(routes),
    .emits = emits,
    .consumes = consumes,
    .n_consumes = GG_LEN(consumes),
    .ws = &socket_class,
    .ws_in = ws_in,
    .ws_out = ws_out,
    .problems = problems,
    .lifecycles = lifecycles,
};
static const struct gg_service empty = {.name = "empty", .title = "Empty"};

static struct gg_buf out;

static int set_up(void **state)
{
    (void)state;
    gg_buf_init(&out, GG_DOCUMENT_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    gg_buf_free(&out);
    return 0;
}

static size_t count(const char *needle)
{
    size_t n = 0;
    for (const char *p = out.p; (p = strstr(p, needle)) != NULL; p++)
        n++;
    return n;
}

static void expect_json(void)
{
    struct gg_arena *arena = gg_arena_create();
    const char *detail = "";
    if (!gg_json_check(arena, gg_buf_str(&out), &detail))
        fail_msg("%s in %s", detail, out.p);
    gg_arena_destroy(arena);
    /* Every reference leads somewhere: its last part is a member of the document. */
    for (const char *p = out.p; (p = strstr(p, "\"$ref\": \"")) != NULL; p++) {
        const char *start = p + strlen("\"$ref\": \"");
        const char *end = strchr(start, '"');
        const char *name = end;
        while (name[-1] != '/')
            name--;
        char member[100];
        snprintf(member, sizeof(member), "\"%.*s\": {", (int)(end - name), name);
        if (strstr(out.p, member) == NULL)
            fail_msg("%.*s leads nowhere", (int)(end - start), start);
    }
}

static void openapi_describes_the_routes(void **state)
{
    (void)state;
    gg_document_openapi(&service, &out);
    expect_json();
    assert_int_equal(count("\"/v1/demo/items\": {"), 1);
    assert_int_equal(count("\"/v1/demo/items/{id}/big-photo\": {"), 1);
    assert_int_equal(count("\"operationId\": \"getDemoItems\""), 1);
    assert_int_equal(count("\"operationId\": \"postDemoItems\""), 1);
    assert_int_equal(count("\"operationId\": \"putDemoItemsByIdBigPhoto\""), 1);
    assert_int_equal(count("\"$ref\": \"#/components/parameters/IdempotencyKey\""), 1);
    assert_int_equal(count("      \"Item\": {"), 1);
    assert_int_equal(count("      \"ItemList\": {"), 1);
    assert_int_equal(count("\"ItemQuery\""), 0);
    assert_int_equal(count("\"description\": \"Raw bytes, at most 1000.\""), 1);
    assert_non_null(strstr(out.p, "          {\n"
                                  "            \"name\": \"lat\",\n"
                                  "            \"in\": \"query\",\n"
                                  "            \"required\": true,\n"
                                  "            \"description\": \"where\",\n"
                                  "            \"schema\": {\n"
                                  "              \"type\": \"number\",\n"
                                  "              \"minimum\": -90,\n"
                                  "              \"maximum\": 90\n"
                                  "            }\n"
                                  "          }\n"));
    assert_non_null(strstr(out.p,
                           "\"409\": {\n"
                           "            \"description\": \"`in_progress`: The same request is still being worked "
                           "on. `item_full`: No room.\",\n"));
    assert_non_null(strstr(out.p, "            \"x-codes\": [\n"
                                  "              \"in_progress\",\n"
                                  "              \"item_full\"\n"
                                  "            ]\n"));
    /* A public route without a body: no 401, no 413; one that uploads: no 422. */
    const char *get = strstr(out.p, "\"get\": {"), *post = strstr(out.p, "\"post\": {"),
               *put = strstr(out.p, "\"put\": {");
    assert_true(get < post && post < put);
    char *part = strndup(get, (size_t)(post - get));
    assert_null(strstr(part, "\"401\""));
    assert_null(strstr(part, "\"413\""));
    assert_non_null(strstr(part, "\"security\": []"));
    assert_non_null(strstr(part, "\"422\""));
    free(part);
    assert_null(strstr(put, "\"422\""));
    assert_non_null(strstr(put, "\"404\""));
}

static void asyncapi_describes_events_and_frames(void **state)
{
    (void)state;
    gg_document_asyncapi(&service, &out);
    expect_json();
    assert_int_equal(count("\"address\": \"gonggu.demo\""), 1);
    assert_int_equal(count("\"address\": \"gonggu.auth\""), 1);
    assert_int_equal(count("\"address\": \"/v1/demo/socket\""), 1);
    assert_int_equal(count("    \"send.gonggu.demo\": {"), 1);
    assert_int_equal(count("    \"receive.gonggu.demo\": {"), 1);
    assert_int_equal(count("    \"receive.gonggu.auth\": {"), 1);
    assert_int_equal(count("    \"send.gonggu.auth\": {"), 0);
    assert_int_equal(count("    \"receive.socket\": {"), 1);
    assert_int_equal(count("    \"send.socket\": {"), 1);
    assert_int_equal(count("\"name\": \"demo.item.added.v1\""), 1);
    assert_int_equal(count("\"$ref\": \"#/channels/gonggu.demo/messages/demo.item.added.v1\""), 2);
    assert_int_equal(count("\"$ref\": \"#/channels/gonggu.demo/messages/demo.item.gone.v1\""), 1);
    assert_int_equal(count(" \"Item\": {"), 3); /* in the channel, as a message and as a schema */
}

static void schemas_stand_alone(void **state)
{
    (void)state;
    gg_document_schemas(&service, &out);
    expect_json();
    assert_string_equal(strstr(out.p, "  \"ItemList\": {\n    \"$schema\""),
                        "  \"ItemList\": {\n"
                        "    \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
                        "    \"$id\": \"urn:gonggu:demo:ItemList\",\n"
                        "    \"$ref\": \"#/$defs/ItemList\",\n"
                        "    \"$defs\": {\n"
                        "      \"Item\": {\n"
                        "        \"type\": \"object\",\n"
                        "        \"description\": \"One item.\",\n"
                        "        \"properties\": {\n"
                        "          \"id\": {\n"
                        "            \"type\": \"string\",\n"
                        "            \"format\": \"uuid\",\n"
                        "            \"description\": \"which\"\n"
                        "          }\n"
                        "        },\n"
                        "        \"required\": [\n"
                        "          \"id\"\n"
                        "        ]\n"
                        "      },\n"
                        "      \"ItemList\": {\n"
                        "        \"type\": \"object\",\n"
                        "        \"description\": \"Some items.\",\n"
                        "        \"properties\": {\n"
                        "          \"items\": {\n"
                        "            \"type\": \"array\",\n"
                        "            \"minItems\": 0,\n"
                        "            \"maxItems\": 9,\n"
                        "            \"items\": {\n"
                        "              \"$ref\": \"#/$defs/Item\"\n"
                        "            },\n"
                        "            \"description\": \"items\"\n"
                        "          }\n"
                        "        },\n"
                        "        \"required\": [\n"
                        "          \"items\"\n"
                        "        ]\n"
                        "      }\n"
                        "    }\n"
                        "  }\n"
                        "}\n");
    assert_int_equal(count("\n  \"demo.item.added.v1\": {"), 1);
    assert_int_equal(count("\n  \"demo.item.gone.v1\": {"), 1);
}

static void problems_and_life_cycles_are_markdown(void **state)
{
    (void)state;
    gg_document_problems(&service, &out);
    assert_ptr_equal(strstr(out.p, "| `item_full` | 409 | no | demo | No room. | 자리가 없습니다. |\n"), out.p);
    assert_int_equal(count("| all |"), 19);
    gg_buf_clear(&out);
    gg_document_lifecycles(&service, &out);
    assert_ptr_equal(strstr(out.p, "## door\n\n```mermaid\nstateDiagram-v2\n"), out.p);
    assert_string_equal(out.p + out.n - 5, "\n```\n");
}

static void a_service_without_anything(void **state)
{
    (void)state;
    gg_document_openapi(&empty, &out);
    expect_json();
    gg_buf_clear(&out);
    gg_document_asyncapi(&empty, &out);
    expect_json();
    gg_buf_clear(&out);
    gg_document_schemas(&empty, &out);
    assert_string_equal(out.p, "{}\n");
    gg_buf_clear(&out);
    gg_document_lifecycles(&empty, &out);
    assert_string_equal(out.p, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(openapi_describes_the_routes), TEST(asyncapi_describes_events_and_frames),
        TEST(schemas_stand_alone),          TEST(problems_and_life_cycles_are_markdown),
        TEST(a_service_without_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
