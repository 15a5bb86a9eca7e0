using System;
using Microsoft.EntityFrameworkCore.Migrations;
using NodaTime;
using NpgsqlTypes;

#nullable disable

namespace Xentree.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterDatabase()
                .Annotation("Npgsql:PostgresExtension:btree_gin", ",,")
                .Annotation("Npgsql:PostgresExtension:pg_trgm", ",,")
                .Annotation("Npgsql:PostgresExtension:unaccent", ",,");

            migrationBuilder.CreateTable(
                name: "idempotency_records",
                columns: table => new
                {
                    key_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    request_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    lease_id = table.Column<Guid>(type: "uuid", nullable: false),
                    lease_until = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    answer = table.Column<byte[]>(type: "bytea", nullable: true),
                    expires_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_idempotency_records", x => x.key_hash);
                });

            migrationBuilder.CreateTable(
                name: "job_runs",
                columns: table => new
                {
                    job = table.Column<string>(type: "text", nullable: false),
                    started_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    milliseconds = table.Column<long>(type: "bigint", nullable: false),
                    count = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_job_runs", x => x.job);
                });

            migrationBuilder.CreateTable(
                name: "organizations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    slug = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    leaderboard_closed = table.Column<LocalDate>(type: "date", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_organizations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "outages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    starts_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    declared_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    withdrawn_at = table.Column<Instant>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outages", x => x.id);
                    table.CheckConstraint("ck_outages_ends", "ends_at > starts_at");
                });

            migrationBuilder.CreateTable(
                name: "protected_keys",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    purpose = table.Column<string>(type: "text", nullable: false),
                    encryption_key_id = table.Column<string>(type: "text", nullable: false),
                    ciphertext = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_protected_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "search_rebuilds",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    requested_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    started_at = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    sources = table.Column<int>(type: "integer", nullable: false),
                    after = table.Column<Guid>(type: "uuid", nullable: false),
                    done = table.Column<long>(type: "bigint", nullable: false),
                    total = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_search_rebuilds", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "unused_blobs",
                columns: table => new
                {
                    container = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    delete_after = table.Column<Instant>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_unused_blobs", x => new { x.container, x.name });
                });

            migrationBuilder.CreateTable(
                name: "users",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    username = table.Column<string>(type: "text", nullable: false),
                    username_key = table.Column<string>(type: "text", nullable: false),
                    email = table.Column<string>(type: "text", nullable: false),
                    email_key = table.Column<string>(type: "text", nullable: false),
                    password_hash = table.Column<string>(type: "text", nullable: false),
                    full_name = table.Column<string>(type: "text", nullable: true),
                    nickname = table.Column<string>(type: "text", nullable: true),
                    timezone = table.Column<string>(type: "text", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    plan = table.Column<string>(type: "text", nullable: false),
                    role = table.Column<string>(type: "text", nullable: false),
                    profile_visibility = table.Column<string>(type: "text", nullable: false),
                    picture_blob = table.Column<string>(type: "text", nullable: true),
                    sandbox_now = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_users", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "ai_budgets",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    day = table.Column<LocalDate>(type: "date", nullable: false),
                    used = table.Column<long>(type: "bigint", nullable: false),
                    reserved = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ai_budgets", x => new { x.user_id, x.day });
                    table.CheckConstraint("ck_ai_budgets_not_negative", "used >= 0 and reserved >= 0");
                    table.ForeignKey(
                        name: "fk_ai_budgets_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ai_usage",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: true),
                    provider = table.Column<string>(type: "text", nullable: false),
                    day = table.Column<LocalDate>(type: "date", nullable: false),
                    calls = table.Column<long>(type: "bigint", nullable: false),
                    prompt_tokens = table.Column<long>(type: "bigint", nullable: false),
                    completion_tokens = table.Column<long>(type: "bigint", nullable: false),
                    cost = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ai_usage", x => x.id);
                    table.ForeignKey(
                        name: "fk_ai_usage_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "belated_time",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    received_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    date = table.Column<LocalDate>(type: "date", nullable: false),
                    starts_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_belated_time", x => x.id);
                    table.ForeignKey(
                        name: "fk_belated_time_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "boosters",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    multiplier = table.Column<decimal>(type: "numeric(5,2)", precision: 5, scale: 2, nullable: false),
                    starts_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_boosters", x => x.id);
                    table.ForeignKey(
                        name: "fk_boosters_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "conversations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: true),
                    title = table.Column<string>(type: "text", nullable: true),
                    provider = table.Column<string>(type: "text", nullable: false),
                    message_count = table.Column<int>(type: "integer", nullable: false),
                    last_message_at = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_conversations", x => x.id);
                    table.ForeignKey(
                        name: "fk_conversations_organizations_organization_id",
                        column: x => x.organization_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "fk_conversations_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "daily_quests",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    date = table.Column<LocalDate>(type: "date", nullable: false),
                    quest_id = table.Column<string>(type: "text", nullable: false),
                    catalogue_version = table.Column<int>(type: "integer", nullable: false),
                    category = table.Column<string>(type: "text", nullable: false),
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: false),
                    target = table.Column<long>(type: "bigint", nullable: false),
                    progress = table.Column<long>(type: "bigint", nullable: false),
                    reward_multiplier = table.Column<decimal>(type: "numeric(5,2)", precision: 5, scale: 2, nullable: false),
                    reward_duration = table.Column<int>(type: "integer", nullable: false),
                    completed_at = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    is_closed = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_daily_quests", x => x.id);
                    table.ForeignKey(
                        name: "fk_daily_quests_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "documents",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: true),
                    title = table.Column<string>(type: "text", nullable: false),
                    media_type = table.Column<string>(type: "text", nullable: false),
                    size_bytes = table.Column<long>(type: "bigint", nullable: false),
                    sha256 = table.Column<byte[]>(type: "bytea", nullable: false),
                    blob = table.Column<string>(type: "text", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    progress = table.Column<int>(type: "integer", nullable: false),
                    failure = table.Column<string>(type: "text", nullable: true),
                    chunk_count = table.Column<int>(type: "integer", nullable: false),
                    embedding_model = table.Column<string>(type: "text", nullable: true),
                    index_version = table.Column<int>(type: "integer", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    lease_id = table.Column<Guid>(type: "uuid", nullable: true),
                    leased_until = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_documents", x => x.id);
                    table.ForeignKey(
                        name: "fk_documents_organizations_organization_id",
                        column: x => x.organization_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "fk_documents_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "domain_events",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    payload = table.Column<string>(type: "jsonb", nullable: false),
                    occurred_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    recorded_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_domain_events", x => x.id);
                    table.ForeignKey(
                        name: "fk_domain_events_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "leaderboard_standings",
                columns: table => new
                {
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    week_start = table.Column<LocalDate>(type: "date", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    rank = table.Column<long>(type: "bigint", nullable: false),
                    xp = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_leaderboard_standings", x => new { x.organization_id, x.week_start, x.user_id });
                    table.ForeignKey(
                        name: "fk_leaderboard_standings_organizations_organization_id",
                        column: x => x.organization_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_leaderboard_standings_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "learners",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    registered_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    registered_zone = table.Column<string>(type: "text", nullable: false),
                    inputs = table.Column<long>(type: "bigint", nullable: false),
                    total_xp = table.Column<long>(type: "bigint", nullable: false),
                    tokens = table.Column<long>(type: "bigint", nullable: false),
                    longest_streak = table.Column<int>(type: "integer", nullable: false),
                    segment_rows = table.Column<long>(type: "bigint", nullable: false),
                    chain_checkpoint = table.Column<string>(type: "jsonb", nullable: true),
                    chain_from = table.Column<LocalDate>(type: "date", nullable: true),
                    segment_checkpoint = table.Column<string>(type: "jsonb", nullable: true),
                    signals_from = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    announced = table.Column<string>(type: "jsonb", nullable: true),
                    settle_at = table.Column<Instant>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_learners", x => x.user_id);
                    table.CheckConstraint("ck_learners_tokens", "tokens >= 0");
                    table.ForeignKey(
                        name: "fk_learners_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "learning_days",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    date = table.Column<LocalDate>(type: "date", nullable: false),
                    xp = table.Column<long>(type: "bigint", nullable: false),
                    quiz_xp = table.Column<long>(type: "bigint", nullable: false),
                    segments = table.Column<int>(type: "integer", nullable: false),
                    activities = table.Column<int>(type: "integer", nullable: false),
                    turns = table.Column<int>(type: "integer", nullable: false),
                    xel_tasks = table.Column<int>(type: "integer", nullable: false),
                    sessions = table.Column<int>(type: "integer", nullable: false),
                    conversation_ticks = table.Column<long>(type: "bigint", nullable: false),
                    xel_ticks = table.Column<long>(type: "bigint", nullable: false),
                    live_ticks = table.Column<long>(type: "bigint", nullable: false),
                    active_at = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    active_order = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_learning_days", x => new { x.user_id, x.date });
                    table.ForeignKey(
                        name: "fk_learning_days_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "live_sessions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: true),
                    type = table.Column<string>(type: "text", nullable: false),
                    language = table.Column<string>(type: "text", nullable: true),
                    started_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    date = table.Column<LocalDate>(type: "date", nullable: false),
                    used_before = table.Column<long>(type: "bigint", nullable: false),
                    heartbeat_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    frame_at = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    status = table.Column<string>(type: "text", nullable: false),
                    finished_at = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    finish_expires_at = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    quota_seconds = table.Column<long>(type: "bigint", nullable: false),
                    charged_seconds = table.Column<long>(type: "bigint", nullable: false),
                    first_month_seconds = table.Column<long>(type: "bigint", nullable: false),
                    due_at = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    recorded_seconds = table.Column<long>(type: "bigint", nullable: false),
                    order = table.Column<long>(type: "bigint", nullable: false),
                    socket_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_live_sessions", x => x.id);
                    table.ForeignKey(
                        name: "fk_live_sessions_organizations_organization_id",
                        column: x => x.organization_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "fk_live_sessions_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "members",
                columns: table => new
                {
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    role = table.Column<string>(type: "text", nullable: false),
                    team = table.Column<string>(type: "text", nullable: true),
                    joined_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_members", x => new { x.organization_id, x.user_id });
                    table.ForeignKey(
                        name: "fk_members_organizations_organization_id",
                        column: x => x.organization_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_members_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "notes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: true),
                    title = table.Column<string>(type: "text", nullable: false),
                    content = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_notes", x => x.id);
                    table.ForeignKey(
                        name: "fk_notes_organizations_organization_id",
                        column: x => x.organization_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "fk_notes_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "saver_purchases",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    order = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_saver_purchases", x => x.id);
                    table.ForeignKey(
                        name: "fk_saver_purchases_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "search_words",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    audience_id = table.Column<Guid>(type: "uuid", nullable: false),
                    word = table.Column<string>(type: "text", nullable: false),
                    folded = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_search_words", x => new { x.user_id, x.audience_id, x.word });
                    table.ForeignKey(
                        name: "fk_search_words_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "session_signals",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    conversation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    occurred_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    received_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    date = table.Column<LocalDate>(type: "date", nullable: false),
                    is_belated = table.Column<bool>(type: "boolean", nullable: false),
                    is_answer = table.Column<bool>(type: "boolean", nullable: false),
                    order = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_session_signals", x => x.id);
                    table.ForeignKey(
                        name: "fk_session_signals_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sign_in_sessions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    generation = table.Column<int>(type: "integer", nullable: false),
                    rotated_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    created_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    user_agent = table.Column<string>(type: "text", nullable: true),
                    address = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sign_in_sessions", x => x.id);
                    table.ForeignKey(
                        name: "fk_sign_in_sessions_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "token_ledger",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    source_id = table.Column<string>(type: "text", nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<Instant>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_token_ledger", x => x.id);
                    table.ForeignKey(
                        name: "fk_token_ledger_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "xp_ledger",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    source_id = table.Column<string>(type: "text", nullable: false),
                    @base = table.Column<long>(name: "base", type: "bigint", nullable: false),
                    multiplier = table.Column<decimal>(type: "numeric(5,2)", precision: 5, scale: 2, nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    date = table.Column<LocalDate>(type: "date", nullable: false),
                    received_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    makes_active = table.Column<bool>(type: "boolean", nullable: false),
                    order = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_xp_ledger", x => x.id);
                    table.ForeignKey(
                        name: "fk_xp_ledger_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "zone_changes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    zone = table.Column<string>(type: "text", nullable: false),
                    order = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_zone_changes", x => x.id);
                    table.ForeignKey(
                        name: "fk_zone_changes_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ai_reservations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    day = table.Column<LocalDate>(type: "date", nullable: false),
                    tokens = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ai_reservations", x => x.id);
                    table.ForeignKey(
                        name: "fk_ai_reservations_ai_budgets_user_id_day",
                        columns: x => new { x.user_id, x.day },
                        principalTable: "ai_budgets",
                        principalColumns: new[] { "user_id", "day" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "messages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    conversation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    role = table.Column<string>(type: "text", nullable: false),
                    content = table.Column<string>(type: "text", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: true),
                    model = table.Column<string>(type: "text", nullable: true),
                    status = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    citations = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_messages", x => x.id);
                    table.ForeignKey(
                        name: "fk_messages_conversations_conversation_id",
                        column: x => x.conversation_id,
                        principalTable: "conversations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "document_chunks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    document_id = table.Column<Guid>(type: "uuid", nullable: false),
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    heading = table.Column<string>(type: "text", nullable: true),
                    page = table.Column<int>(type: "integer", nullable: true),
                    content = table.Column<string>(type: "text", nullable: false),
                    tokens = table.Column<int>(type: "integer", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    search = table.Column<NpgsqlTsVector>(type: "tsvector", nullable: false, computedColumnSql: "case language when 'danish' then setweight(to_tsvector('danish', coalesce(heading, '')), 'A') || to_tsvector('danish', content) when 'dutch' then setweight(to_tsvector('dutch', coalesce(heading, '')), 'A') || to_tsvector('dutch', content) when 'english' then setweight(to_tsvector('english', coalesce(heading, '')), 'A') || to_tsvector('english', content) when 'finnish' then setweight(to_tsvector('finnish', coalesce(heading, '')), 'A') || to_tsvector('finnish', content) when 'french' then setweight(to_tsvector('french', coalesce(heading, '')), 'A') || to_tsvector('french', content) when 'german' then setweight(to_tsvector('german', coalesce(heading, '')), 'A') || to_tsvector('german', content) when 'hungarian' then setweight(to_tsvector('hungarian', coalesce(heading, '')), 'A') || to_tsvector('hungarian', content) when 'italian' then setweight(to_tsvector('italian', coalesce(heading, '')), 'A') || to_tsvector('italian', content) when 'norwegian' then setweight(to_tsvector('norwegian', coalesce(heading, '')), 'A') || to_tsvector('norwegian', content) when 'portuguese' then setweight(to_tsvector('portuguese', coalesce(heading, '')), 'A') || to_tsvector('portuguese', content) when 'romanian' then setweight(to_tsvector('romanian', coalesce(heading, '')), 'A') || to_tsvector('romanian', content) when 'russian' then setweight(to_tsvector('russian', coalesce(heading, '')), 'A') || to_tsvector('russian', content) when 'serbian' then setweight(to_tsvector('serbian', coalesce(heading, '')), 'A') || to_tsvector('serbian', content) when 'spanish' then setweight(to_tsvector('spanish', coalesce(heading, '')), 'A') || to_tsvector('spanish', content) when 'swedish' then setweight(to_tsvector('swedish', coalesce(heading, '')), 'A') || to_tsvector('swedish', content) when 'turkish' then setweight(to_tsvector('turkish', coalesce(heading, '')), 'A') || to_tsvector('turkish', content) else setweight(to_tsvector('simple', coalesce(heading, '')), 'A') || to_tsvector('simple', content) end", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_document_chunks", x => x.id);
                    table.ForeignKey(
                        name: "fk_document_chunks_documents_document_id",
                        column: x => x.document_id,
                        principalTable: "documents",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "live_socket_tokens",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    session_id = table.Column<Guid>(type: "uuid", nullable: false),
                    expires_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    sign_in_session_id = table.Column<Guid>(type: "uuid", nullable: true),
                    api_key_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_live_socket_tokens", x => x.hash);
                    table.ForeignKey(
                        name: "fk_live_socket_tokens_live_sessions_session_id",
                        column: x => x.session_id,
                        principalTable: "live_sessions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "live_transcripts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: true),
                    session_id = table.Column<Guid>(type: "uuid", nullable: true),
                    is_ours = table.Column<bool>(type: "boolean", nullable: false),
                    session_started_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    session_ended_at = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    turn_count = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_live_transcripts", x => x.id);
                    table.ForeignKey(
                        name: "fk_live_transcripts_live_sessions_session_id",
                        column: x => x.session_id,
                        principalTable: "live_sessions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_live_transcripts_organizations_organization_id",
                        column: x => x.organization_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "fk_live_transcripts_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "api_keys",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    prefix = table.Column<string>(type: "text", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    scopes = table.Column<string[]>(type: "text[]", nullable: false),
                    allowed_ips = table.Column<string[]>(type: "text[]", nullable: false),
                    expires_at = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    last_used_at = table.Column<Instant>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_keys", x => x.id);
                    table.ForeignKey(
                        name: "fk_api_keys_members_organization_id_created_by",
                        columns: x => new { x.organization_id, x.created_by },
                        principalTable: "members",
                        principalColumns: new[] { "organization_id", "user_id" },
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_api_keys_organizations_organization_id",
                        column: x => x.organization_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "refresh_tokens",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    session_id = table.Column<Guid>(type: "uuid", nullable: false),
                    generation = table.Column<int>(type: "integer", nullable: false),
                    secret_hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_refresh_tokens", x => x.id);
                    table.ForeignKey(
                        name: "fk_refresh_tokens_sign_in_sessions_session_id",
                        column: x => x.session_id,
                        principalTable: "sign_in_sessions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "document_vectors",
                columns: table => new
                {
                    chunk_id = table.Column<Guid>(type: "uuid", nullable: false),
                    document_id = table.Column<Guid>(type: "uuid", nullable: false),
                    model = table.Column<string>(type: "text", nullable: false),
                    vector = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_document_vectors", x => x.chunk_id);
                    table.ForeignKey(
                        name: "fk_document_vectors_document_chunks_chunk_id",
                        column: x => x.chunk_id,
                        principalTable: "document_chunks",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "live_turns",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    transcript_id = table.Column<Guid>(type: "uuid", nullable: false),
                    ordinal = table.Column<int>(type: "integer", nullable: false),
                    role = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    timestamp = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    turn_id = table.Column<string>(type: "text", nullable: true),
                    status = table.Column<string>(type: "text", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: true),
                    model = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_live_turns", x => x.id);
                    table.ForeignKey(
                        name: "fk_live_turns_live_transcripts_transcript_id",
                        column: x => x.transcript_id,
                        principalTable: "live_transcripts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "search_entries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    item_id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organization_id = table.Column<Guid>(type: "uuid", nullable: true),
                    audience_id = table.Column<Guid>(type: "uuid", nullable: false),
                    conversation_id = table.Column<Guid>(type: "uuid", nullable: true),
                    note_id = table.Column<Guid>(type: "uuid", nullable: true),
                    live_transcript_id = table.Column<Guid>(type: "uuid", nullable: true),
                    document_id = table.Column<Guid>(type: "uuid", nullable: true),
                    title = table.Column<string>(type: "text", nullable: true),
                    content = table.Column<string>(type: "text", nullable: false),
                    config = table.Column<uint>(type: "regconfig", nullable: false),
                    created_at = table.Column<Instant>(type: "timestamp with time zone", nullable: false),
                    vector = table.Column<NpgsqlTsVector>(type: "tsvector", nullable: true, computedColumnSql: "setweight(to_tsvector(config, translate(coalesce(title, ''), '<', ' ')), 'A') || setweight(to_tsvector('simple', translate(coalesce(title, ''), '<', ' ')), 'A') || to_tsvector(config, translate(content, '<', ' ')) || strip(to_tsvector('simple', translate(content, '<', ' ')))", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_search_entries", x => x.id);
                    table.ForeignKey(
                        name: "fk_search_entries_conversations_conversation_id",
                        column: x => x.conversation_id,
                        principalTable: "conversations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_search_entries_documents_document_id",
                        column: x => x.document_id,
                        principalTable: "documents",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_search_entries_live_transcripts_live_transcript_id",
                        column: x => x.live_transcript_id,
                        principalTable: "live_transcripts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_search_entries_notes_note_id",
                        column: x => x.note_id,
                        principalTable: "notes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_search_entries_organizations_organization_id",
                        column: x => x.organization_id,
                        principalTable: "organizations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "fk_search_entries_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_ai_reservations_user_id_day",
                table: "ai_reservations",
                columns: new[] { "user_id", "day" });

            migrationBuilder.CreateIndex(
                name: "ix_ai_usage_user_id_day_provider_organization_id",
                table: "ai_usage",
                columns: new[] { "user_id", "day", "provider", "organization_id" },
                unique: true)
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_hash",
                table: "api_keys",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_api_keys_organization_id_created_by",
                table: "api_keys",
                columns: new[] { "organization_id", "created_by" });

            migrationBuilder.CreateIndex(
                name: "ix_belated_time_user_id_received_at",
                table: "belated_time",
                columns: new[] { "user_id", "received_at" });

            migrationBuilder.CreateIndex(
                name: "ix_boosters_user_id_ends_at",
                table: "boosters",
                columns: new[] { "user_id", "ends_at" });

            migrationBuilder.CreateIndex(
                name: "ix_conversations_organization_id",
                table: "conversations",
                column: "organization_id");

            migrationBuilder.CreateIndex(
                name: "ix_conversations_user_id_id",
                table: "conversations",
                columns: new[] { "user_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_daily_quests_user_id_date_category",
                table: "daily_quests",
                columns: new[] { "user_id", "date", "category" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_document_chunks_document_id_ordinal",
                table: "document_chunks",
                columns: new[] { "document_id", "ordinal" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_document_chunks_search",
                table: "document_chunks",
                column: "search")
                .Annotation("Npgsql:IndexMethod", "gin");

            migrationBuilder.CreateIndex(
                name: "ix_document_vectors_document_id",
                table: "document_vectors",
                column: "document_id");

            migrationBuilder.CreateIndex(
                name: "ix_documents_blob",
                table: "documents",
                column: "blob",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_documents_organization_id_id",
                table: "documents",
                columns: new[] { "organization_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_documents_processing",
                table: "documents",
                column: "id",
                filter: "status = 'Processing'");

            migrationBuilder.CreateIndex(
                name: "ix_documents_user_id_id",
                table: "documents",
                columns: new[] { "user_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_documents_user_id_sha256",
                table: "documents",
                columns: new[] { "user_id", "sha256" });

            migrationBuilder.CreateIndex(
                name: "ix_domain_events_user_id_id",
                table: "domain_events",
                columns: new[] { "user_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_idempotency_records_expires_at",
                table: "idempotency_records",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_leaderboard_standings_user_id",
                table: "leaderboard_standings",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_learners_settle_at_user_id",
                table: "learners",
                columns: new[] { "settle_at", "user_id" },
                filter: "settle_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_live_sessions_due_at",
                table: "live_sessions",
                column: "due_at",
                filter: "due_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_live_sessions_organization_id",
                table: "live_sessions",
                column: "organization_id");

            migrationBuilder.CreateIndex(
                name: "ix_live_sessions_user_id_started_at",
                table: "live_sessions",
                columns: new[] { "user_id", "started_at" });

            migrationBuilder.CreateIndex(
                name: "ux_live_sessions_active",
                table: "live_sessions",
                column: "user_id",
                unique: true,
                filter: "finished_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_live_socket_tokens_expires_at",
                table: "live_socket_tokens",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_live_socket_tokens_session_id",
                table: "live_socket_tokens",
                column: "session_id");

            migrationBuilder.CreateIndex(
                name: "ix_live_transcripts_organization_id",
                table: "live_transcripts",
                column: "organization_id");

            migrationBuilder.CreateIndex(
                name: "ix_live_transcripts_user_id_id",
                table: "live_transcripts",
                columns: new[] { "user_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ux_live_transcripts_ours",
                table: "live_transcripts",
                column: "session_id",
                unique: true,
                filter: "is_ours");

            migrationBuilder.CreateIndex(
                name: "ix_live_turns_transcript_id_ordinal",
                table: "live_turns",
                columns: new[] { "transcript_id", "ordinal" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_live_turns_transcript_id_turn_id_role",
                table: "live_turns",
                columns: new[] { "transcript_id", "turn_id", "role" },
                unique: true,
                filter: "turn_id is not null");

            migrationBuilder.CreateIndex(
                name: "ix_members_organization_id_id",
                table: "members",
                columns: new[] { "organization_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_members_user_id_organization_id",
                table: "members",
                columns: new[] { "user_id", "organization_id" });

            migrationBuilder.CreateIndex(
                name: "ix_messages_conversation_id_ordinal",
                table: "messages",
                columns: new[] { "conversation_id", "ordinal" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_notes_organization_id",
                table: "notes",
                column: "organization_id");

            migrationBuilder.CreateIndex(
                name: "ix_notes_user_id_id",
                table: "notes",
                columns: new[] { "user_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_organizations_leaderboard_closed",
                table: "organizations",
                column: "leaderboard_closed");

            migrationBuilder.CreateIndex(
                name: "ix_organizations_slug",
                table: "organizations",
                column: "slug",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_protected_keys_purpose_id",
                table: "protected_keys",
                columns: new[] { "purpose", "id" });

            migrationBuilder.CreateIndex(
                name: "ux_protected_keys_single",
                table: "protected_keys",
                column: "purpose",
                unique: true,
                filter: "purpose <> 'data-protection'");

            migrationBuilder.CreateIndex(
                name: "ix_refresh_tokens_session_id_generation",
                table: "refresh_tokens",
                columns: new[] { "session_id", "generation" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_saver_purchases_user_id_at",
                table: "saver_purchases",
                columns: new[] { "user_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_search_entries_audience_id_id",
                table: "search_entries",
                columns: new[] { "audience_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_search_entries_audience_id_vector",
                table: "search_entries",
                columns: new[] { "audience_id", "vector" })
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:StorageParameter:fastupdate", false);

            migrationBuilder.CreateIndex(
                name: "ix_search_entries_conversation_id",
                table: "search_entries",
                column: "conversation_id");

            migrationBuilder.CreateIndex(
                name: "ix_search_entries_document_id",
                table: "search_entries",
                column: "document_id");

            migrationBuilder.CreateIndex(
                name: "ix_search_entries_live_transcript_id",
                table: "search_entries",
                column: "live_transcript_id");

            migrationBuilder.CreateIndex(
                name: "ix_search_entries_note_id",
                table: "search_entries",
                column: "note_id");

            migrationBuilder.CreateIndex(
                name: "ix_search_entries_organization_id",
                table: "search_entries",
                column: "organization_id");

            migrationBuilder.CreateIndex(
                name: "ix_search_entries_user_id",
                table: "search_entries",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_search_rebuilds_finished_at",
                table: "search_rebuilds",
                column: "finished_at",
                unique: true,
                filter: "finished_at is null")
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.CreateIndex(
                name: "ix_search_words_audience_id_folded",
                table: "search_words",
                columns: new[] { "audience_id", "folded" })
                .Annotation("Npgsql:IndexInclude", new[] { "word" })
                .Annotation("Npgsql:IndexOperators", new[] { "uuid_ops", "text_pattern_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_session_signals_user_id_conversation_id_occurred_at",
                table: "session_signals",
                columns: new[] { "user_id", "conversation_id", "occurred_at" });

            migrationBuilder.CreateIndex(
                name: "ix_session_signals_user_id_occurred_at",
                table: "session_signals",
                columns: new[] { "user_id", "occurred_at" });

            migrationBuilder.CreateIndex(
                name: "ix_sign_in_sessions_expires_at",
                table: "sign_in_sessions",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_sign_in_sessions_user_id_id",
                table: "sign_in_sessions",
                columns: new[] { "user_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_token_ledger_user_id_id",
                table: "token_ledger",
                columns: new[] { "user_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_token_ledger_user_id_reason_source_id",
                table: "token_ledger",
                columns: new[] { "user_id", "reason", "source_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_unused_blobs_delete_after",
                table: "unused_blobs",
                column: "delete_after");

            migrationBuilder.CreateIndex(
                name: "ix_users_email_key",
                table: "users",
                column: "email_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_users_picture_blob",
                table: "users",
                column: "picture_blob",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_users_username_key",
                table: "users",
                column: "username_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_xp_ledger_user_id_at",
                table: "xp_ledger",
                columns: new[] { "user_id", "at" });

            migrationBuilder.CreateIndex(
                name: "ix_xp_ledger_user_id_id",
                table: "xp_ledger",
                columns: new[] { "user_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_xp_ledger_user_id_source_source_id",
                table: "xp_ledger",
                columns: new[] { "user_id", "source", "source_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_zone_changes_user_id_at",
                table: "zone_changes",
                columns: new[] { "user_id", "at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ai_reservations");

            migrationBuilder.DropTable(
                name: "ai_usage");

            migrationBuilder.DropTable(
                name: "api_keys");

            migrationBuilder.DropTable(
                name: "belated_time");

            migrationBuilder.DropTable(
                name: "boosters");

            migrationBuilder.DropTable(
                name: "daily_quests");

            migrationBuilder.DropTable(
                name: "document_vectors");

            migrationBuilder.DropTable(
                name: "domain_events");

            migrationBuilder.DropTable(
                name: "idempotency_records");

            migrationBuilder.DropTable(
                name: "job_runs");

            migrationBuilder.DropTable(
                name: "leaderboard_standings");

            migrationBuilder.DropTable(
                name: "learners");

            migrationBuilder.DropTable(
                name: "learning_days");

            migrationBuilder.DropTable(
                name: "live_socket_tokens");

            migrationBuilder.DropTable(
                name: "live_turns");

            migrationBuilder.DropTable(
                name: "messages");

            migrationBuilder.DropTable(
                name: "outages");

            migrationBuilder.DropTable(
                name: "protected_keys");

            migrationBuilder.DropTable(
                name: "refresh_tokens");

            migrationBuilder.DropTable(
                name: "saver_purchases");

            migrationBuilder.DropTable(
                name: "search_entries");

            migrationBuilder.DropTable(
                name: "search_rebuilds");

            migrationBuilder.DropTable(
                name: "search_words");

            migrationBuilder.DropTable(
                name: "session_signals");

            migrationBuilder.DropTable(
                name: "token_ledger");

            migrationBuilder.DropTable(
                name: "unused_blobs");

            migrationBuilder.DropTable(
                name: "xp_ledger");

            migrationBuilder.DropTable(
                name: "zone_changes");

            migrationBuilder.DropTable(
                name: "ai_budgets");

            migrationBuilder.DropTable(
                name: "members");

            migrationBuilder.DropTable(
                name: "document_chunks");

            migrationBuilder.DropTable(
                name: "sign_in_sessions");

            migrationBuilder.DropTable(
                name: "conversations");

            migrationBuilder.DropTable(
                name: "live_transcripts");

            migrationBuilder.DropTable(
                name: "notes");

            migrationBuilder.DropTable(
                name: "documents");

            migrationBuilder.DropTable(
                name: "live_sessions");

            migrationBuilder.DropTable(
                name: "organizations");

            migrationBuilder.DropTable(
                name: "users");
        }
    }
}
