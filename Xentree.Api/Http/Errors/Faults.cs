using System.Data.Common;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Azure;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using StackExchange.Redis;
using Xentree.Data.Learning;

namespace Xentree.Api.Http.Errors;

/// <summary>Turns what was thrown into an <see cref="Error"/>, and logs it once: nothing else logs what was handled here.</summary>
internal sealed partial class Faults(RequestDelegate next, ILogger<Faults> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for an answer.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var failure = Handle(exception, context, logger);
            var headers = context.Response.Headers;
            foreach (var name in OfTheBody) headers.Remove(name);
            await failure.ExecuteAsync(context);
        }
    }

    /// <summary>The failure that was thrown, logged; for an answer that has begun and ends with an error in its own form.</summary>
    public static Failure Handle(Exception exception, HttpContext context) =>
        Handle(exception, context, context.RequestServices.GetRequiredService<ILogger<Faults>>());

    private static Failure Handle(Exception exception, HttpContext context, ILogger logger)
    {
        var failure = ToFailure(exception);
        if (failure == Failures.InternalError) LogFault(logger, exception, context.Request.Method, context.Request.Path);
        else if (failure.Status >= 500) LogUnavailable(logger, exception, failure.Code);
        if (failure.Status >= 500) Activity.Current?.SetStatus(ActivityStatusCode.Error, failure.Code).AddException(exception);
        return failure;
    }

    private static readonly string[] OfTheBody = ["Content-Type", "Content-Length", "Content-Encoding", "ETag", "Location", "Link"];

    private static Failure ToFailure(Exception exception) => exception switch
    {
        FailureException failure => failure.Failure,
        LearnerNotFoundException => Failures.InvalidToken,
        BadHttpRequestException { StatusCode: 413 } => Failures.TooLarge,
        BadHttpRequestException { StatusCode: 415 } => Failures.UnsupportedMediaType,
        BadHttpRequestException { InnerException: JsonException json } => FromJson(json),
        JsonException json => FromJson(json),
        BadHttpRequestException bad => FromBinding(bad),
        // What the row hangs on (an account, an organization) was deleted while the request ran.
        PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation }
            or DbUpdateException { InnerException: PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation } } => Failures.NotFound,
        InvalidDataException or IOException { InnerException: BadHttpRequestException } => Failures.MalformedBody,
        _ when IsUnavailable(exception) => Failures.DependencyUnavailable,
        _ => Failures.InternalError,
    };

    // A syntax error has the reader's own exception inside; a value that does not fit its field has not.
    private static Failure FromJson(JsonException json) =>
        json.InnerException is JsonException || json.Path is null or "$"
            ? MissingMembers(json) ?? Failures.MalformedBody
            : Failures.Validation(FieldNames.FromJsonPath(json.Path), json.InnerException is null && !IsFrameworkMessage(json) ? json.Message : "has a value of the wrong type");

    private static bool IsFrameworkMessage(JsonException json) => json.Message.Contains("could not be converted", StringComparison.Ordinal);

    private static Failure? MissingMembers(JsonException json)
    {
        if (!json.Message.Contains("missing required properties", StringComparison.Ordinal)) return null;

        var names = json.Message[(json.Message.IndexOf(':', StringComparison.Ordinal) + 1)..]
            .Split(',', StringSplitOptions.TrimEntries)
            .Select(name => name.Trim('\'', '.', ' '));
        return Failures.Validation(names.ToDictionary(name => name, _ => (string[])["is required"]));
    }

    // «Failed to bind parameter "int limit" from "x".» and «Required parameter "string q" was not provided from query string.»
    private static Failure FromBinding(BadHttpRequestException bad)
    {
        var quoted = bad.Message.Split('"');
        if (quoted.Length < 3 || bad.Message.Contains("body", StringComparison.Ordinal) || !bad.Message.Contains("parameter", StringComparison.Ordinal)) return Failures.MalformedBody;

        var name = quoted[1].Split(' ')[^1];
        return Failures.Validation(FieldNames.FromProperty(name), bad.Message.StartsWith("Required", StringComparison.Ordinal) ? "is required" : "has a value of the wrong type");
    }

    private static bool IsUnavailable(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is RedisException or RedisTimeoutException or SocketException or TimeoutException or RetryLimitExceededException) return true;
            if (exception is NpgsqlException { IsTransient: true }) return true;
            // 57P01–57P03: the server is stopping or starting; 53300: it has no connection to give.
            if (exception is PostgresException { SqlState: "57P01" or "57P02" or "57P03" or "53300" }) return true;
            if (exception is DbException { InnerException: IOException }) return true;
            if (exception is RequestFailedException { Status: 0 or >= 500 }) return true;
            if (exception is AggregateException { InnerExceptions: var inner } && inner.Any(IsUnavailable)) return true;
        }

        return false;
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private static partial void LogFault(ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(LogLevel.Warning, "Answered {Code}")]
    private static partial void LogUnavailable(ILogger logger, Exception exception, string code);
}
