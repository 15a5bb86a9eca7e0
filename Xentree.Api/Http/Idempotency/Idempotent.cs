namespace Xentree.Api.Http.Idempotency;

/// <summary>Marks an operation that accepts <c>Idempotency-Key</c>: every POST that creates or spends.</summary>
/// <param name="StopsWithItsClient">Whether the operation ends when its client goes; else it is finished, so that its answer can be given again.</param>
internal sealed record Idempotent(bool StopsWithItsClient);

/// <summary>Marks operations.</summary>
public static class IdempotentOperations
{
    extension<TBuilder>(TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        /// <summary>The operation accepts <c>Idempotency-Key</c>.</summary>
        /// <param name="stopsWithItsClient">Whether the operation ends when its client goes, as a stream does.</param>
        public TBuilder AcceptsIdempotencyKey(bool stopsWithItsClient = false) => builder.WithMetadata(new Idempotent(stopsWithItsClient));
    }
}

/// <summary>
/// Marks an answer that is not to be replayed although its status says so: a stream that began with 200 and ended with an error that
/// passes. Set it as a feature of the request.
/// </summary>
internal sealed class NotReplayed
{
    public static NotReplayed Instance { get; } = new();
}
