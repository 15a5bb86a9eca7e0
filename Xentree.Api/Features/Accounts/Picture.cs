using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Xentree.Api.Auth;
using Xentree.Api.Http.TimeTravel;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Data.Blobs;
using Xentree.ServiceDefaults;

namespace Xentree.Api.Features.Accounts;

internal static class SetPicture
{
    /// <summary>The greatest file.</summary>
    public const int MaxBytes = 5 * 1024 * 1024;

    /// <summary>The greatest body: the file, and what multipart puts around it.</summary>
    public const int MaxBodyBytes = MaxBytes + (64 * 1024);

    public static async Task<Results<Ok<UserProfile>, Failure>> HandleAsync(
        IFormFile file,
        Caller caller,
        XentreeDbContext context,
        BlobServiceClient blobs,
        PictureAddress pictures,
        BusinessClock clock,
        TimeProvider time,
        CancellationToken cancellation)
    {
        if (file.Length > MaxBytes) return Failures.TooLarge;

        var upload = new byte[file.Length];
        await using (var stream = file.OpenReadStream()) await stream.ReadExactlyAsync(upload, cancellation);
        var (image, failure) = await PictureImage.CreateAsync(upload, cancellation);
        if (image is null) return failure!;

        // A new name each time, so that caches may keep what they have; unguessable, so that only who was told the address finds it.
        var name = PictureName.Create();
        await context.AnnounceBlobAsync(BlobContainers.Pictures, name, time, cancellation);
        await blobs.GetBlobContainerClient(BlobContainers.Pictures).WriteAsync(name, image, PictureImage.MediaType, cancellation);
        return await ChangeAsync(context, caller, name, clock, time, cancellation) is { } user
            ? TypedResults.Ok(UserProfile.Of(user, pictures))
            : Failures.InvalidToken;
    }

    /// <summary>Refers to another blob, or to none; the one until now is deleted later. Null where the account has gone.</summary>
    public static Task<User?> ChangeAsync(
        XentreeDbContext context, Caller caller, string? name, BusinessClock clock, TimeProvider time, CancellationToken cancellation) =>
        context.InTransactionAsync(async cancel =>
        {
            var user = await context.LockUserAsync(caller.UserId, cancel);
            if (user is null || user.PictureBlob == name) return user;

            context.DiscardBlob(BlobContainers.Pictures, user.PictureBlob, time);
            if (name is not null) await context.KeepBlobAsync(BlobContainers.Pictures, name, cancel);
            user.PictureBlob = name;
            user.UpdatedAt = clock.Now;
            await context.SaveChangesAsync(cancel);
            return user;
        }, cancellation);
}

internal static class DeletePicture
{
    public static async Task<Results<NoContent, Failure>> HandleAsync(
        Caller caller, XentreeDbContext context, BusinessClock clock, TimeProvider time, CancellationToken cancellation) =>
        await SetPicture.ChangeAsync(context, caller, null, clock, time, cancellation) is null ? Failures.InvalidToken : TypedResults.NoContent();
}

internal static class GetPicture
{
    public static async Task<Results<FileContentHttpResult, Failure>> HandleAsync(
        string name, HttpResponse response, XentreeDbContext context, BlobServiceClient blobs, CancellationToken cancellation)
    {
        // Whoever replaced their picture, or has gone, is no longer seen here, even while the storage still holds the blob.
        if (!PictureName.IsWellFormed(name) || !await context.Users.AnyAsync(u => u.PictureBlob == name, cancellation)) return Failures.NotFound;

        var blob = await blobs.GetBlobContainerClient(BlobContainers.Pictures).GetBlobClient(name).DownloadContentAsync(cancellation);
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(blob.Value.Content.ToArray(), PictureImage.MediaType, entityTag: new EntityTagHeaderValue($"\"{name}\""));
    }
}

/// <summary>The name of a picture's blob.</summary>
internal static class PictureName
{
    private const int RandomBytes = 24;
    private const int RandomLength = 32;
    private const string Extension = ".webp";

    public static string Create() => Base64Url.Encode(RandomNumberGenerator.GetBytes(RandomBytes)) + Extension;

    public static bool IsWellFormed(string name) =>
        name.Length == RandomLength + Extension.Length && name.EndsWith(Extension, StringComparison.Ordinal)
        && name.AsSpan(0, RandomLength).IndexOfAnyExcept(Base64Url.Alphabet) < 0;
}
