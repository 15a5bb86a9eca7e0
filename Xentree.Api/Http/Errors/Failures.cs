namespace Xentree.Api.Http.Errors;

/// <summary>Every error of the contract, with its status, its code and its sentence.</summary>
public static class Failures
{
    /// <summary>400: a field is wrong.</summary>
    public static Failure Validation(string field, string message) => Validation(new Dictionary<string, string[]> { [field] = [message] });

    /// <summary>400: fields are wrong.</summary>
    public static Failure Validation(IReadOnlyDictionary<string, string[]> errors) =>
        new(400, "validation_failed", "Some of the values are not acceptable.") { Errors = errors };

    /// <summary>400: the body cannot be read.</summary>
    public static Failure MalformedBody { get; } = new(400, "malformed_body", "The body is missing or is not well-formed.");

    /// <summary>400: two ways of signing in at once.</summary>
    public static Failure AmbiguousCredentials { get; } =
        new(400, "ambiguous_credentials", "Send either an access token or an API key, not both.");

    /// <summary>400: a cursor that no page gave out.</summary>
    public static Failure InvalidCursor { get; } = new(400, "invalid_cursor", "The cursor is not one that a page of this list gave you.");

    /// <summary>400: dates that make no range.</summary>
    public static Failure InvalidDateRange(string message) => new(400, "invalid_date_range", message);

    /// <summary>400: a clock that may not be moved.</summary>
    public static Failure TimeTravelDisabled { get; } = new(400, "time_travel_disabled",
        "X-Xentree-Now works only for users that were registered with it, where time travel is enabled.");

    /// <summary>401: nobody signed in.</summary>
    public static Failure NotAuthenticated { get; } =
        new(401, "not_authenticated", "Send an access token (Authorization: Bearer …) or an API key (X-API-Key: xntr-…).");

    /// <summary>401: wrong name or password, told apart by nothing.</summary>
    public static Failure InvalidCredentials { get; } = new(401, "invalid_credentials", "The name or the password is wrong.");

    /// <summary>401: a token or key that is none, or no longer one.</summary>
    public static Failure InvalidToken { get; } = new(401, "invalid_token", "The token or key is not valid, or no longer.");

    /// <summary>401: a token or key that was valid once.</summary>
    public static Failure TokenExpired { get; } = new(401, "token_expired", "The token or key has expired.");

    /// <summary>403: not with this role.</summary>
    public static Failure Forbidden { get; } = new(403, "forbidden", "Your role does not allow this.");

    /// <summary>403: a key without the scope.</summary>
    public static Failure InsufficientScope(string required, IEnumerable<string> granted) =>
        new(403, "INSUFFICIENT_API_KEY_SCOPE", $"The API key lacks the scope {required}.")
        {
            More = new Dictionary<string, object?> { ["required_scope"] = required, ["granted_scopes"] = granted },
        };

    /// <summary>403: a key used from elsewhere.</summary>
    public static Failure IpNotAllowed { get; } = new(403, "ip_not_allowed", "The API key may not be used from this address.");

    /// <summary>403: not with a key.</summary>
    public static Failure BearerRequired { get; } = new(403, "bearer_required", "This needs a user's access token; an API key cannot do it.");

    /// <summary>404: absent, or not visible: nothing tells the two apart.</summary>
    public static Failure NotFound { get; } = new(404, "not_found", "There is nothing here, or you may not see it.");

    /// <summary>405.</summary>
    public static Failure MethodNotAllowed { get; } = new(405, "method_not_allowed", "The resource does not know this method; see the Allow header.");

    /// <summary>409: the name is somebody's.</summary>
    public static Failure UsernameTaken { get; } = new(409, "username_taken", "The username is taken.");

    /// <summary>409: the address is somebody's.</summary>
    public static Failure EmailTaken { get; } = new(409, "email_taken", "The e-mail address belongs to another account.");

    /// <summary>409: the slug is another organization's.</summary>
    public static Failure SlugTaken { get; } = new(409, "slug_taken", "The slug belongs to another organization.");

    /// <summary>409: a member already.</summary>
    public static Failure AlreadyMember { get; } = new(409, "already_member", "The user is a member already.");

    /// <summary>409: nobody would own it.</summary>
    public static Failure LastOwner { get; } = new(409, "last_owner", "An organization keeps at least one owner: make somebody else owner first.");

    /// <summary>409: nobody would run the installation.</summary>
    public static Failure LastAdmin { get; } = new(409, "last_admin", "An installation keeps at least one administrator: make somebody else administrator first.");

    /// <summary>409: days that an outage bridges have become history (rule S10).</summary>
    public static Failure OutageFinal { get; } =
        new(409, "outage_final", "One of the days of the outage is over somewhere: what it did to streaks stands.");

    /// <summary>409: a live session runs.</summary>
    public static Failure SessionAlreadyActive { get; } = new(409, "session_already_active", "A live session is running; end it first.");

    /// <summary>409: the session is over.</summary>
    public static Failure SessionEnded { get; } = new(409, "session_ended", "The session has ended; start a new one.");

    /// <summary>409: no room for another saver.</summary>
    public static Failure SaverLimit { get; } = new(409, "saver_limit", "You hold as many streak savers as you can.");

    /// <summary>409: not enough tokens.</summary>
    public static Failure InsufficientTokens { get; } = new(409, "insufficient_tokens", "You do not have enough tokens.");

    /// <summary>409: the same id with other content (rule X1).</summary>
    public static Failure IdempotencyConflict { get; } =
        new(409, "idempotency_conflict", "The idempotency key was used for another request.");

    /// <summary>409: the first request with the key still runs.</summary>
    public static Failure IdempotencyInProgress { get; } =
        new(409, "idempotency_in_progress", "A request with the same idempotency key is still running; try again shortly.") { RetryAfter = 1 };

    /// <summary>413.</summary>
    public static Failure TooLarge { get; } = new(413, "too_large", "The body is larger than this operation accepts.");

    /// <summary>415.</summary>
    public static Failure UnsupportedMediaType { get; } =
        new(415, "unsupported_media_type", "The operation does not accept content of this type.");

    /// <summary>429: too many requests.</summary>
    public static Failure RateLimited(int retryAfter) =>
        new(429, "rate_limited", "Too many requests; wait as long as Retry-After says.") { RetryAfter = retryAfter };

    /// <summary>429: too many changes of zone (rule D5).</summary>
    public static Failure ZoneChangeLimit(string retryAt, int retryAfter) =>
        new(429, "zone_change_limit", "The time zone was changed three times within 168 hours; try again later.")
        {
            More = new Dictionary<string, object?> { ["retry_at"] = retryAt },
            RetryAfter = retryAfter,
        };

    /// <summary>429: no live quota is left (rule L2).</summary>
    public static Failure LiveQuotaExceeded(int retryAfter) =>
        new(429, "live_quota_exceeded", "The live quota of this month is used up.") { RetryAfter = retryAfter };

    /// <summary>429: the plan's tokens of the day are used up, or reserved by answers under way.</summary>
    public static Failure AiQuotaExceeded(string resetsAt, int retryAfter) =>
        new(429, "ai_quota_exceeded", "What is left of your plan's AI tokens of the day is too little for this; the provider local costs none.")
        {
            More = new Dictionary<string, object?> { ["resets_at"] = resetsAt },
            RetryAfter = retryAfter,
        };

    /// <summary>502: the provider answered, but not usefully.</summary>
    public static Failure ProviderFailed(string message) => new(502, "provider_failed", message);

    /// <summary>503: no provider can do it; the sentence says what to configure.</summary>
    public static Failure ProviderUnavailable(string message) => new(503, "provider_unavailable", message) { RetryAfter = 30 };

    /// <summary>503: a server that the API needs does not answer.</summary>
    public static Failure DependencyUnavailable { get; } =
        new(503, "dependency_unavailable", "A server that this needs does not answer at the moment; try again shortly.") { RetryAfter = 2 };

    /// <summary>500: a fault of ours, and no more than that.</summary>
    public static Failure InternalError { get; } =
        new(500, "internal_error", "Something went wrong on our side. Quote the request_id when you report it.");

    /// <summary>The failure for a status that something else than a handler set.</summary>
    public static Failure ForStatus(int status) => status switch
    {
        401 => NotAuthenticated,
        403 => Forbidden,
        404 => NotFound,
        405 => MethodNotAllowed,
        413 => TooLarge,
        415 => UnsupportedMediaType,
        502 => ProviderFailed("A provider failed."),
        503 or 504 => DependencyUnavailable,
        >= 500 => InternalError,
        _ => MalformedBody with { Status = status },
    };

    /// <summary>One failure of each code, as the OpenAPI document shows it.</summary>
    public static IReadOnlyDictionary<string, Failure> ByCode { get; } = new[]
    {
        Validation("email", "must be an e-mail address"), MalformedBody, AmbiguousCredentials, InvalidCursor,
        InvalidDateRange("start_date must not be after end_date."), TimeTravelDisabled,
        NotAuthenticated, InvalidCredentials, InvalidToken, TokenExpired,
        Forbidden, InsufficientScope("conversations:write", ["conversations:read"]), IpNotAllowed, BearerRequired,
        NotFound, MethodNotAllowed,
        UsernameTaken, EmailTaken, SlugTaken, AlreadyMember, LastOwner, LastAdmin, OutageFinal, SessionAlreadyActive, SessionEnded, SaverLimit, InsufficientTokens,
        IdempotencyConflict, IdempotencyInProgress,
        TooLarge, UnsupportedMediaType,
        RateLimited(17), ZoneChangeLimit("2026-03-04T09:15:00.000Z", 3_600), LiveQuotaExceeded(86_400),
        AiQuotaExceeded("2026-03-05T00:00:00.000Z", 3_600),
        ProviderFailed("The provider answered with an error."), ProviderUnavailable("No provider is configured for this."), DependencyUnavailable,
        InternalError,
    }.ToDictionary(failure => failure.Code);
}
