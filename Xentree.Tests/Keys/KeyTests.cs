using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xentree.Data;
using Xentree.Data.Keys;

namespace Xentree.Tests.Keys;

/// <summary>The installation's own keys: in the database, encrypted, the same for every replica, and under another key-encryption key when it changes.</summary>
public sealed class KeyTests(ApiServer api) : IClassFixture<ApiServer>
{
    private const string NextKey = "the next key-encryption key, which is also long enough";

    [Fact]
    public async Task What_one_replica_protects_another_unprotects()
    {
        await api.StartReplicaAsync();

        var text = Protector(api.Replicas[0]).Protect("a calendar's token");

        Assert.Equal("a calendar's token", Protector(api.Replicas[^1]).Unprotect(text));
        await using var context = await ContextAsync(api);
        var rows = await context.ProtectedKeys.AsNoTracking().Where(k => k.Purpose == KeyPurpose.DataProtection).ToListAsync(TestContext.Current.CancellationToken);
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.DoesNotContain("<key", Encoding.Latin1.GetString(row.Ciphertext), StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_a_rotation_the_next_key_alone_reads_everything_and_the_old_one_nothing()
    {
        await using var own = api.Another();
        await own.InitializeAsync();
        using var user = await own.SignInAsync();
        var text = Protector(own.Replicas[0]).Protect("kept");

        var both = await own.StartReplicaAsync(new() { ["Encryption:Key"] = NextKey, ["Encryption:PreviousKeys:0"] = ApiServer.EncryptionKey });
        (await user.On(both).GetAsync("/api/auth/me")).ShouldBe(200);
        var changed = await own.Replicas[^1].Services.GetRequiredService<KeyRing>().RotateAsync(TestContext.Current.CancellationToken);

        Assert.True(changed >= 3, $"{changed} keys were encrypted again.");
        var next = await own.StartReplicaAsync(new() { ["Encryption:Key"] = NextKey });
        (await user.On(next).GetAsync("/api/auth/me")).ShouldBe(200);
        Assert.Equal("kept", Protector(own.Replicas[^1]).Unprotect(text));
        var old = await own.StartReplicaAsync();
        (await user.On(old).GetAsync("/api/auth/me")).ShouldFail(500, "internal_error");
    }

    [Fact]
    public async Task Two_replicas_that_start_at_once_on_an_empty_database_agree()
    {
        await using var own = api.Another();
        await own.InitializeAsync();
        var replicas = await Task.WhenAll(own.StartReplicaAsync(), own.StartReplicaAsync());
        var rings = own.Replicas.Select(replica => replica.Services.GetRequiredService<KeyRing>()).ToList();

        var keys = await Task.WhenAll(rings.Select(ring => ring.GetAsync(KeyPurpose.AccessToken, TestContext.Current.CancellationToken).AsTask()));

        Assert.Equal(2, replicas.Length);
        Assert.Single(keys.Select(Convert.ToHexString).Distinct());
    }

    private static IDataProtector Protector(Microsoft.AspNetCore.Builder.WebApplication replica) =>
        replica.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("tests");

    private static Task<XentreeDbContext> ContextAsync(ApiServer server) =>
        server.Services.GetRequiredService<IDbContextFactory<XentreeDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
}
