using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;
using Xentree.Data;
using Xentree.Domain;
using Xentree.Worker.Maintenance;

namespace Xentree.Tests.Accounts;

public sealed class PictureApiTests(ApiServer api, EmbeddedServers servers) : IClassFixture<ApiServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SKEncodedImageFormat.Png, 800, 600)]
    [InlineData(SKEncodedImageFormat.Jpeg, 4000, 3000)]
    [InlineData(SKEncodedImageFormat.Webp, 600, 1800)]
    [InlineData(SKEncodedImageFormat.Png, 16, 16)]
    public async Task A_picture_is_made_square_and_served_to_everybody_for_good(SKEncodedImageFormat format, int width, int height)
    {
        using var user = await api.SignInAsync();

        var url = (await user.PutPictureAsync(Picture.Create(format, width, height), "anything.bin", "application/octet-stream")).ShouldBe(200)["profile_picture_url"].GetString()!;

        Assert.Equal(url, (await user.GetAsync("/api/auth/me"))["profile_picture_url"].GetString());
        using var anybody = api.Anonymous();
        var picture = (await anybody.GetAsync(url)).ShouldBe(200);
        Assert.Equal("image/webp", picture.Headers["Content-Type"]);
        Assert.Equal("public, max-age=31536000, immutable", picture.Headers["Cache-Control"]);
        Assert.Equal("ABCD", Picture.Look(picture.Body));
        (await anybody.GetAsync(url, ("If-None-Match", picture.Headers["ETag"]))).ShouldBe(304);
    }

    [Theory]
    [InlineData(1, "ABCD")]
    [InlineData(2, "BADC")]
    [InlineData(3, "DCBA")]
    [InlineData(4, "CDAB")]
    [InlineData(5, "ACBD")]
    [InlineData(6, "CADB")]
    [InlineData(7, "DBCA")]
    [InlineData(8, "BDAC")]
    public async Task A_photograph_is_shown_upright_and_without_its_metadata(byte orientation, string seen)
    {
        using var user = await api.SignInAsync();
        var photograph = Picture.WithOrientation(Picture.Create(SKEncodedImageFormat.Jpeg), orientation);

        var url = (await user.PutPictureAsync(photograph, "photo.jpg", "image/jpeg")).ShouldBe(200)["profile_picture_url"].GetString()!;

        var picture = await user.GetAsync(url);
        Assert.Equal(seen, Picture.Look(picture.Body));
        Assert.DoesNotContain("EXIF", Encoding.Latin1.GetString(picture.Body), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_is_no_picture_by_its_content_is_refused_whatever_it_is_called()
    {
        using var user = await api.SignInAsync();
        var png = Picture.Create(SKEncodedImageFormat.Png);

        (await user.PutPictureAsync("This is a text."u8.ToArray())).ShouldFail(415, "unsupported_media_type");
        (await user.PutPictureAsync([])).ShouldFail(415, "unsupported_media_type");
        (await user.PutPictureAsync("GIF89a\u0001\0\u0001\0\0\0\0;"u8.ToArray())).ShouldFail(415, "unsupported_media_type");
        (await user.PutPictureAsync("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"u8.ToArray(), "me.svg", "image/svg+xml")).ShouldFail(415, "unsupported_media_type");
        (await user.PutPictureAsync(png[..(png.Length / 2)])).ShouldFail(400, "validation_failed");
        (await user.PutPictureAsync(png, part: "picture")).ShouldFail(400, "validation_failed");
        (await user.PutAsync("/api/auth/me/picture", new { file = "x" })).ShouldFail(415, "unsupported_media_type");

        Assert.Equal(JsonValueKind.Null, (await user.GetAsync("/api/auth/me"))["profile_picture_url"].ValueKind);
    }

    [Theory]
    [InlineData(100_000, 100_000)]
    [InlineData(50_000, 1_001)]
    [InlineData(7_072, 7_072)]
    public async Task A_small_file_that_claims_to_be_huge_is_refused_before_it_is_decoded(int width, int height)
    {
        using var user = await api.SignInAsync();

        var file = Picture.WithClaimedSize(Picture.Create(SKEncodedImageFormat.Png), width, height);

        var problem = (await user.PutPictureAsync(file)).ShouldFail(400, "validation_failed")["detail"].GetProperty("errors").GetProperty("file")[0].GetString();

        Assert.Equal("must have at most 50,000,000 pixels", problem);
    }

    [Fact]
    public async Task A_file_of_5_MB_is_taken_and_a_larger_one_is_not()
    {
        using var user = await api.SignInAsync();
        var png = Picture.Create(SKEncodedImageFormat.Png);
        const int max = 5 * 1024 * 1024;

        // What follows the end of the picture is ignored.
        (await user.PutPictureAsync([.. png, .. new byte[max - png.Length]])).ShouldBe(200);
        (await user.PutPictureAsync([.. png, .. new byte[max - png.Length + 1]])).ShouldFail(413, "too_large");
        (await user.PutPictureAsync(new byte[2 * max])).ShouldFail(413, "too_large");
    }

    [Fact]
    public async Task A_new_picture_has_a_new_address_and_the_old_one_goes()
    {
        using var user = await api.SignInAsync();
        var png = Picture.Create(SKEncodedImageFormat.Png);
        var first = (await user.PutPictureAsync(png)).ShouldBe(200)["profile_picture_url"].GetString()!;
        var second = (await user.PutPictureAsync(png)).ShouldBe(200)["profile_picture_url"].GetString()!;

        Assert.NotEqual(first, second);
        (await user.GetAsync(first)).ShouldFail(404, "not_found");
        (await user.GetAsync(second)).ShouldBe(200);
        await DeleteUnusedAsync(api);
        Assert.False(await ExistsAsync(api, first));
        Assert.True(await ExistsAsync(api, second));

        (await user.DeleteAsync("/api/auth/me/picture")).ShouldBe(204);
        (await user.DeleteAsync("/api/auth/me/picture")).ShouldBe(204);
        (await user.GetAsync(second)).ShouldFail(404, "not_found");
        Assert.Equal(JsonValueKind.Null, (await user.GetAsync("/api/auth/me"))["profile_picture_url"].ValueKind);
        await DeleteUnusedAsync(api);
        Assert.False(await ExistsAsync(api, second));
    }

    [Fact]
    public async Task Pictures_set_at_once_leave_one_and_no_blob_behind()
    {
        await using var own = api.Another();
        await own.InitializeAsync();
        using var user = await own.SignInAsync();
        var png = Picture.Create(SKEncodedImageFormat.Png, 64, 64);

        var urls = (await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => user.PutPictureAsync(png)))).Select(answer => answer.ShouldBe(200)["profile_picture_url"].GetString()!).ToList();

        own.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(5, await DeleteUnusedAsync(own));
        await user.LogInAsync(user.Username);
        var current = (await user.GetAsync("/api/auth/me"))["profile_picture_url"].GetString();
        foreach (var url in urls) Assert.Equal(url == current, await ExistsAsync(own, url));
    }

    [Fact]
    public async Task While_storage_is_down_nothing_changes_and_it_recovers_by_itself()
    {
        await using var blobs = await servers.StartBlobsAsync(Cancellation);
        await using var own = api.Another();
        await own.InitializeAsync();
        var replica = await own.StartReplicaAsync(new() { ["ConnectionStrings:blobs"] = blobs.ConnectionString });
        using var user = (await own.SignInAsync()).On(replica);
        using var leaver = (await own.SignInAsync()).On(replica);
        var png = Picture.Create(SKEncodedImageFormat.Png);
        var before = (await user.PutPictureAsync(png)).ShouldBe(200).Text;
        var url = (await user.GetAsync("/api/auth/me"))["profile_picture_url"].GetString()!;
        var lost = (await leaver.PutPictureAsync(png)).ShouldBe(200)["profile_picture_url"].GetString()!;

        await blobs.StopAsync(Cancellation);
        (await user.PutPictureAsync(png)).ShouldFail(503, "dependency_unavailable");
        (await user.GetAsync(url)).ShouldFail(503, "dependency_unavailable");
        Assert.Equal(before, (await user.GetAsync("/api/auth/me")).ShouldBe(200).Text);
        (await leaver.DeleteAsync("/api/auth/me")).ShouldBe(204);
        (await user.GetAsync(lost)).ShouldFail(404, "not_found");

        await blobs.StartAsync(Cancellation);
        (await user.GetAsync(url)).ShouldBe(200);
        (await user.PutPictureAsync(png)).ShouldBe(200);
        own.Clock.Advance(TimeSpan.FromHours(2));
        // The first picture, the one that could not be written, and the one of the account that went.
        Assert.Equal(3, await DeleteUnusedAsync(own, new BlobServiceClient(blobs.ConnectionString)));
        Assert.False(await new BlobServiceClient(blobs.ConnectionString).GetBlobContainerClient("pictures").GetBlobClient(lost.Split('/')[^1]).ExistsAsync(Cancellation));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.webp")]
    [InlineData("..%2F..%2Fsecret")]
    public async Task An_address_of_no_picture_is_not_found(string name) =>
        (await api.Anonymous().GetAsync($"/api/pictures/{name}")).ShouldFail(404, "not_found");

    private static async Task<long> DeleteUnusedAsync(ApiServer server, BlobServiceClient? blobs = null)
    {
        await using var services = new ServiceCollection()
            .AddScoped(_ => server.Services.GetRequiredService<IDbContextFactory<XentreeDbContext>>().CreateDbContext())
            .AddSingleton(blobs ?? server.Services.GetRequiredService<BlobServiceClient>())
            .BuildServiceProvider();
        return await DeleteUnusedBlobs.RunAsync(services, server.Clock.Now, Cancellation);
    }

    private static async Task<bool> ExistsAsync(ApiServer server, string url) =>
        await server.Services.GetRequiredService<BlobServiceClient>().GetBlobContainerClient("pictures").GetBlobClient(url.Split('/')[^1]).ExistsAsync(Cancellation);
}
