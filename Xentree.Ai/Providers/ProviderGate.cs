using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Polly.CircuitBreaker;
using Polly.Registry;
using Polly.Retry;
using Polly.Telemetry;
using Polly.Timeout;

namespace Xentree.Ai;

/// <summary>What stands before a provider: so many answers at once, another try for what failed safely, and a rest after many failures.</summary>
internal sealed class ProviderGate : IDisposable
{
    private static readonly TimeSpan Sampled = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly ConcurrencyLimiter _places;
    private readonly CircuitBreakerStateProvider _breaker = new();
    private readonly ResiliencePipeline _pipeline;
    private readonly TimeProvider _time;
    private DateTimeOffset _restsUntil;

    public ProviderGate(Provider provider, AiOptions options, ResiliencePipelineRegistry<string> pipelines, TelemetryOptions telemetry, TimeProvider time)
    {
        _time = time;
        _places = new ConcurrencyLimiter(new() { PermitLimit = provider.MaxConcurrent, QueueLimit = provider.MaxWaiting });
        // From the outside in: a try is over when the breaker or the timeout says so, and the breaker counts every try.
        _pipeline = pipelines.GetOrAddPipeline($"ai:{provider.Id}", builder =>
        {
            builder.TimeProvider = time;
            // It measures; the router logs what came of it, once.
            builder.ConfigureTelemetry(new TelemetryOptions(telemetry) { LoggerFactory = NullLoggerFactory.Instance });
            if (provider.Retries > 0) builder.AddRetry(Retry(provider.Retries));
            builder.AddCircuitBreaker(Breaker(options));
            builder.AddTimeout(new TimeoutStrategyOptions { Timeout = provider.Silence });
        });
    }

    /// <summary>Whether the provider is left alone just now. Once its rest is over it may be asked, and that call decides.</summary>
    public bool IsResting => _breaker.CircuitState == CircuitState.Open && _time.GetUtcNow() < _restsUntil;

    /// <summary>Takes a place, until it is given back.</summary>
    public async ValueTask<RateLimitLease> EnterAsync(CancellationToken cancellation)
    {
        var lease = await _places.AcquireAsync(cancellationToken: cancellation);
        return lease.IsAcquired ? lease : throw ProviderFailure.Busy;
    }

    /// <summary>Opens an answer: until something of it is there, failures that are safe to repeat are.</summary>
    public async ValueTask<T> OpenAsync<T>(Func<CancellationToken, ValueTask<T>> open, CancellationToken cancellation)
    {
        try
        {
            return await _pipeline.ExecuteAsync(open, cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw ProviderFailure.Of(exception);
        }
    }

    public void Dispose() => _places.Dispose();

    private static RetryStrategyOptions Retry(int retries) => new()
    {
        MaxRetryAttempts = retries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = FirstPause,
        ShouldHandle = args => new(args.Outcome.Exception is ProviderFailure { IsSafeToRepeat: true } failure && !(failure.RetryAfter > LongestPause)),
        // Never sooner than the provider wants.
        DelayGenerator = args => new(args.Outcome.Exception is ProviderFailure { RetryAfter: { } after } && after > TimeSpan.Zero ? after : (TimeSpan?)null),
        OnRetry = args =>
        {
            AiTelemetry.TriedAgain((args.Outcome.Exception as ProviderFailure)?.Reason);
            return default;
        },
    };

    private CircuitBreakerStrategyOptions Breaker(AiOptions options) => new()
    {
        FailureRatio = 0.5,
        MinimumThroughput = options.BreakerFailures,
        SamplingDuration = Sampled,
        BreakDuration = TimeSpan.FromSeconds(options.BreakerSeconds),
        StateProvider = _breaker,
        ShouldHandle = args => new(args.Outcome.Exception is TimeoutRejectedException or ProviderFailure { IsOfTheProvider: true }),
        OnOpened = args =>
        {
            _restsUntil = _time.GetUtcNow() + args.BreakDuration;
            return default;
        },
    };
}
