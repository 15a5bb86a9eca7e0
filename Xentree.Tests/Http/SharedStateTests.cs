using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using Xentree.Api.Auth;
using Xentree.Api.Http.RateLimits;

namespace Xentree.Tests.Http;

/// <summary>What the client of Redis does when it is hard pressed, which a real server cannot be made to bring about at will.</summary>
public sealed class SharedStateTests
{
    [Fact]
    public async Task A_call_that_the_client_of_Redis_cancels_is_an_outage_and_not_a_fault()
    {
        var shared = new SharedState(DispatchProxy.Create<IConnectionMultiplexer, Cancelled>(), new LocalWindows(TimeProvider.System), TimeProvider.System, NullLogger<SharedState>.Instance);
        var window = new Window("limit:test", "test", 5);

        var counted = await shared.CountAsync(window);
        await shared.UncountAsync(window);
        await shared.RememberAsync("caller:test", [1]);
        await shared.ForgetAsync(["caller:test"]);

        Assert.False(counted.IsExceeded);
        Assert.False(shared.IsReachable);
    }

    /// <summary>A client whose calls all end cancelled.</summary>
    public class Cancelled : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var type = targetMethod!.ReturnType;
            if (type == typeof(IDatabase)) return Create<IDatabase, Cancelled>();
            if (type == typeof(Task<RedisResult>)) return Task.FromCanceled<RedisResult>(new CancellationToken(canceled: true));
            if (type == typeof(Task<bool>)) return Task.FromCanceled<bool>(new CancellationToken(canceled: true));
            return null;
        }
    }
}
