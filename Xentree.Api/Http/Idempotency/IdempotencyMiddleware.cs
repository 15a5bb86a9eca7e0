using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using NodaTime;
using Xentree.Api.Auth;
using Xentree.Data;
using Xentree.Data.Idempotency;
using Xentree.Domain;

namespace Xentree.Api.Http.Idempotency;

/// <summary>
/// Runs a request with an <c>Idempotency-Key</c> once and replays its answer for 24 hours. The request in progress holds a lease of
/// 60 s, which it renews while it runs: a process that is killed blocks its key for a minute at most.
/// </summary>
internal sealed partial class IdempotencyMiddleware(
    RequestDelegate next, IDbContextFactory<XentreeDbContext> contexts, TimeProvider time, ILogger<IdempotencyMiddleware> logger)
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";
    public const int MaxKeyLength = 255;

    private const int MemoryThreshold = 1 << 20;

    private static readonly Duration Kept = Duration.FromHours(24);
    private static readonly Duration Lease = Duration.FromSeconds(60);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Headers.TryGetValue(Header, out var header) || context.GetEndpoint()?.Metadata.GetMetadata<Idempotent>() is not { } idempotent)
        {
            await next(context);
            return;
        }

        if (header is not [{ Length: >= 1 and <= MaxKeyLength } key])
        {
            await Failures.Validation(Header, $"must have 1 to {MaxKeyLength} characters").ExecuteAsync(context);
            return;
        }

        var cancellation = context.RequestAborted;
        var secret = $"{CallerOf(context)}\n{key}";
        var keyHash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
        var requestHash = await HashAsync(context.Request, cancellation);
        var leaseId = time.NewId();
        var waitUntil = time.Now + Duration.FromTimeSpan(MaxWait);

        while (!await TryLeaseAsync(keyHash, requestHash, leaseId, cancellation))
        {
            if (await FindAsync(keyHash, cancellation) is not { } record) continue;

            if (!CryptographicOperations.FixedTimeEquals(record.RequestHash, requestHash))
            {
                await Failures.IdempotencyConflict.ExecuteAsync(context);
                return;
            }

            if (record.Answer is { } answer)
            {
                await StoredAnswer.Decrypt(answer, secret).WriteAsync(context.Response, cancellation);
                return;
            }

            if (time.Now >= waitUntil)
            {
                await Failures.IdempotencyInProgress.ExecuteAsync(context);
                return;
            }

            await Task.Delay(Poll, time, cancellation);
        }

        // What was begun is finished when the client goes: it will ask again, and must find this answer and not a second effect.
        if (!idempotent.StopsWithItsClient) context.RequestAborted = CancellationToken.None;
        await RunAsync(context, secret, keyHash, leaseId);
    }

    private async Task RunAsync(HttpContext context, string secret, byte[] keyHash, Guid leaseId)
    {
        var body = context.Response.Body;
        await using var copy = new CopyingStream(body);
        context.Response.Body = copy;
        var isStored = false;
        using var renewal = new CancellationTokenSource();
        var renewing = RenewAsync(keyHash, leaseId, renewal.Token);
        try
        {
            await next(context);

            var answer = StoredAnswer.Of(context.Response, copy.Copied);
            if (answer.IsKept && context.Features.Get<NotReplayed>() is null && !context.RequestAborted.IsCancellationRequested)
            {
                // The work is done: that the client has gone must not lose its answer.
                await using var database = await contexts.CreateDbContextAsync(CancellationToken.None);
                await database.StoreAnswerAsync(keyHash, leaseId, answer.Encrypt(secret), CancellationToken.None);
                isStored = true;
            }
        }
        finally
        {
            context.Response.Body = body;
            await renewal.CancelAsync();
            await renewing;
            if (!isStored)
            {
                await using var database = await contexts.CreateDbContextAsync(CancellationToken.None);
                await database.ReleaseLeaseAsync(keyHash, leaseId, CancellationToken.None);
            }
        }
    }

    private async Task<bool> TryLeaseAsync(byte[] keyHash, byte[] requestHash, Guid leaseId, CancellationToken cancellation)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellation);
        var now = time.Now;
        var record = new IdempotencyRecord { KeyHash = keyHash, RequestHash = requestHash, LeaseId = leaseId, LeaseUntil = now + Lease, ExpiresAt = now + Kept };
        return await database.TryLeaseAsync(record, now, cancellation);
    }

    private async Task<IdempotencyRecord?> FindAsync(byte[] keyHash, CancellationToken cancellation)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellation);
        return await database.FindIdempotencyRecordAsync(keyHash, time.Now, cancellation);
    }

    private async Task RenewAsync(byte[] keyHash, Guid leaseId, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Renewal, time, cancellation);
                await using var database = await contexts.CreateDbContextAsync(cancellation);
                await database.ExtendLeaseAsync(keyHash, leaseId, time.Now + Lease, cancellation);
            }
            catch (OperationCanceledException)
            {
                // The request has ended.
            }
            catch (Exception exception) when (exception is DbException or RetryLimitExceededException)
            {
                // The lease lasts for two renewals more, and the request must not fail for it.
                LogNotRenewed(exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "A lease could not be renewed; the next try is 20 s away")]
    private partial void LogNotRenewed(Exception exception);

    private static string CallerOf(HttpContext context) => Caller.Of(context) switch
    {
        { Key: { } key } => $"k:{key.Id:N}",
        { } caller => $"u:{caller.UserId:N}",
        null => $"a:{ClientAddress.LimitKey(context)}",
    };

    private static async Task<byte[]> HashAsync(HttpRequest request, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, $"{request.Method} {request.Path}{request.QueryString}");
        if (request.HasFormContentType)
        {
            await AppendFormAsync(hash, request, cancellation);
        }
        else
        {
            Append(hash, request.ContentType ?? "");
            request.EnableBuffering(MemoryThreshold);
            await AppendAsync(hash, request.Body, cancellation);
            request.Body.Position = 0;
        }

        return hash.GetHashAndReset();
    }

    // By its parts, because the boundary of a multipart body is made anew by every client that sends it again.
    private static async Task AppendFormAsync(IncrementalHash hash, HttpRequest request, CancellationToken cancellation)
    {
        var form = await request.ReadFormAsync(cancellation);
        foreach (var (name, values) in form.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            foreach (var value in values) Append(hash, $"{name}={value}");
        }

        foreach (var file in form.Files)
        {
            Append(hash, $"{file.Name} {file.FileName} {file.ContentType} {file.Length}");
            await using var content = file.OpenReadStream();
            await AppendAsync(hash, content, cancellation);
        }
    }

    // Each text by its length first, so that no two lists of texts look the same.
    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }

    private static async Task AppendAsync(IncrementalHash hash, Stream content, CancellationToken cancellation)
    {
        var buffer = new byte[16 * 1024];
        for (int read; (read = await content.ReadAsync(buffer, cancellation)) > 0;) hash.AppendData(buffer, 0, read);
    }
}
