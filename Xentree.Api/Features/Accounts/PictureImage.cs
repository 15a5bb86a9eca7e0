using System.Diagnostics.CodeAnalysis;
using SkiaSharp;

namespace Xentree.Api.Features.Accounts;

/// <summary>
/// Makes the profile picture of what was uploaded: 512×512 pixels of its middle, upright, as WebP without metadata. Only what the
/// bytes say counts, never a name or a media type.
/// </summary>
internal static class PictureImage
{
    public const string MediaType = "image/webp";

    private const int Side = 512;
    private const int Quality = 85;

    /// <summary>More than a telephone's camera takes. A small file can claim any size: the claim is read before anything is decoded.</summary>
    private const long MaxPixels = 50_000_000;

    // A decoded picture takes up to 200 MB, so few are decoded at once.
    private static readonly SemaphoreSlim Decoding = new(2);

    /// <summary>The picture, or why there is none.</summary>
    public static async Task<(byte[]? Image, Failure? Failure)> CreateAsync(byte[] upload, CancellationToken cancellation)
    {
        using var data = SKData.CreateCopy(upload);
        using var codec = SKCodec.Create(data);
        if (codec is null || codec.EncodedFormat is not (SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Webp))
            return (null, Failures.UnsupportedMediaType);
        if ((long)codec.Info.Width * codec.Info.Height > MaxPixels) return (null, Failures.Validation("file", $"must have at most {MaxPixels:N0} pixels"));

        await Decoding.WaitAsync(cancellation);
        try
        {
            return TryDecode(codec, out var decoded)
                ? (Encode(decoded, codec.EncodedOrigin), null)
                : (null, Failures.Validation("file", "is damaged: it cannot be decoded"));
        }
        finally
        {
            Decoding.Release();
        }
    }

    private static bool TryDecode(SKCodec codec, [NotNullWhen(true)] out SKImage? decoded)
    {
        // Twice the size that is needed, where the format can be decoded smaller than it is.
        var size = codec.GetScaledDimensions(Math.Min(1f, 2f * Side / Math.Min(codec.Info.Width, codec.Info.Height)));
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul, SKColorSpace.CreateSrgb());
        using var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(info) || codec.GetPixels(info, bitmap.GetPixels()) != SKCodecResult.Success)
        {
            decoded = null;
            return false;
        }

        bitmap.SetImmutable();
        decoded = SKImage.FromBitmap(bitmap);
        return true;
    }

    private static byte[] Encode(SKImage decoded, SKEncodedOrigin origin)
    {
        using var surface = SKSurface.Create(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Premul, SKColorSpace.CreateSrgb()));
        using (decoded)
        {
            // The middle square stays the middle square, however it is turned.
            var side = Math.Min(decoded.Width, decoded.Height);
            var middle = SKRect.Create((decoded.Width - side) / 2f, (decoded.Height - side) / 2f, side, side);
            surface.Canvas.Clear(SKColors.Transparent);
            surface.Canvas.SetMatrix(Upright(origin));
            surface.Canvas.DrawImage(decoded, middle, SKRect.Create(Side, Side), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        }

        using var image = surface.Snapshot();
        using var encoded = image.Encode(SKEncodedImageFormat.Webp, Quality);
        return encoded.ToArray();
    }

    // What the camera noted of how it was held (EXIF), as a map of the square onto itself: x' = a·x + b·y + c, y' = d·x + e·y + f.
    private static SKMatrix Upright(SKEncodedOrigin origin) => origin switch
    {
        SKEncodedOrigin.TopRight => Map(-1, 0, Side, 0, 1, 0),
        SKEncodedOrigin.BottomRight => Map(-1, 0, Side, 0, -1, Side),
        SKEncodedOrigin.BottomLeft => Map(1, 0, 0, 0, -1, Side),
        SKEncodedOrigin.LeftTop => Map(0, 1, 0, 1, 0, 0),
        SKEncodedOrigin.RightTop => Map(0, -1, Side, 1, 0, 0),
        SKEncodedOrigin.RightBottom => Map(0, -1, Side, -1, 0, Side),
        SKEncodedOrigin.LeftBottom => Map(0, 1, 0, -1, 0, Side),
        _ => SKMatrix.Identity,
    };

    private static SKMatrix Map(float a, float b, float c, float d, float e, float f) => new(a, b, c, d, e, f, 0, 0, 1);
}
