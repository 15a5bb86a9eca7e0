using System.Buffers.Binary;
using System.Net.Http.Headers;
using SkiaSharp;

namespace Xentree.Tests;

/// <summary>Pictures to upload, and what became of them.</summary>
internal static class Picture
{
    /// <summary>The colours of the quarters: top left, top right, bottom left, bottom right.</summary>
    public static IReadOnlyList<(char Name, SKColor Color)> Quarters { get; } =
        [('A', SKColors.Red), ('B', SKColors.Lime), ('C', SKColors.Blue), ('D', SKColors.White)];

    /// <summary>A picture of four quarters.</summary>
    public static byte[] Create(SKEncodedImageFormat format, int width = 800, int height = 600)
    {
        using var surface = SKSurface.Create(new SKImageInfo(width, height));
        for (var i = 0; i < Quarters.Count; i++)
        {
            using var paint = new SKPaint { Color = Quarters[i].Color };
            surface.Canvas.DrawRect(SKRect.Create(i % 2 * width / 2f, i / 2 * height / 2f, width / 2f, height / 2f), paint);
        }

        using var image = surface.Snapshot();
        return image.Encode(format, 95).ToArray();
    }

    /// <summary>The same JPEG with a note of how the camera was held (EXIF).</summary>
    public static byte[] WithOrientation(byte[] jpeg, byte orientation) =>
    [
        .. jpeg[..2],
        0xFF, 0xE1, 0x00, 0x22, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
        .. jpeg[2..],
    ];

    /// <summary>The same PNG, claiming to be of another size.</summary>
    public static byte[] WithClaimedSize(byte[] png, int width, int height)
    {
        byte[] claimed = [.. png];
        BinaryPrimitives.WriteInt32BigEndian(claimed.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(claimed.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(claimed.AsSpan(29), Checksum(claimed.AsSpan(12, 17)));
        return claimed;
    }

    /// <summary>The names of the quarters as they are seen, after checking format and size.</summary>
    public static string Look(byte[] picture)
    {
        using var codec = SKCodec.Create(new MemoryStream(picture));
        Assert.Equal((SKEncodedImageFormat.Webp, 512, 512), (codec.EncodedFormat, codec.Info.Width, codec.Info.Height));
        using var bitmap = SKBitmap.Decode(codec);
        return string.Concat(new[] { (128, 128), (384, 128), (128, 384), (384, 384) }.Select(at =>
        {
            var seen = bitmap.GetPixel(at.Item1, at.Item2);
            return Quarters.MinBy(quarter => Math.Abs(quarter.Color.Red - seen.Red) + Math.Abs(quarter.Color.Green - seen.Green) + Math.Abs(quarter.Color.Blue - seen.Blue)).Name;
        }));
    }

    /// <summary>Uploads a profile picture.</summary>
    public static async Task<Answer> PutPictureAsync(this ApiClient client, byte[] file, string name = "me.png", string mediaType = "image/png", string part = "file")
    {
        var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
        using var form = new MultipartFormDataContent { { content, part, name } };
        return await client.SendContentAsync(HttpMethod.Put, "/api/auth/me/picture", form);
    }

    // CRC-32 of a PNG chunk.
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var value in bytes)
        {
            sum ^= value;
            for (var bit = 0; bit < 8; bit++) sum = (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ 0xEDB88320;
        }

        return ~sum;
    }
}
