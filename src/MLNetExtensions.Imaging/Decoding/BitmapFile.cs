using System.Buffers.Binary;

namespace MLNetExtensions.Imaging.Decoding;

/// <summary>Raw pixels as the bytes of a BMP file: without loss, and written as fast as they are copied.</summary>
internal static class BitmapFile
{
    private const int HeaderBytes = 54;

    /// <summary>The size of an image's file.</summary>
    public static int Length(int width, int height) => HeaderBytes + (RowBytes(width) * height);

    /// <summary>Writes a file of planes: one of gray, or red, green and blue.</summary>
    /// <param name="planes">[1 or 3, height, width].</param>
    /// <param name="width">The width in pixels.</param>
    /// <param name="height">The height in pixels.</param>
    /// <param name="file">Receives <see cref="Length"/> bytes.</param>
    public static void WritePlanes(ReadOnlySpan<byte> planes, int width, int height, Span<byte> file)
    {
        int plane = width * height;
        bool isGray = planes.Length == plane;
        WriteHeader(width, height, file);
        for (int y = 0; y < height; y++)
        {
            // Rows go from the bottom up.
            Span<byte> row = file[(HeaderBytes + ((height - 1 - y) * RowBytes(width)))..][..RowBytes(width)];
            row[(3 * width)..].Clear();
            ReadOnlySpan<byte> red = planes.Slice(y * width, width);
            ReadOnlySpan<byte> green = isGray ? red : planes.Slice(plane + (y * width), width),
                blue = isGray ? red : planes.Slice((2 * plane) + (y * width), width);
            for (int x = 0; x < width; x++)
                (row[3 * x], row[(3 * x) + 1], row[(3 * x) + 2]) = (blue[x], green[x], red[x]);
        }
    }

    private static int RowBytes(int width) => ((3 * width) + 3) & ~3;

    private static void WriteHeader(int width, int height, Span<byte> file)
    {
        file[..HeaderBytes].Clear();
        (file[0], file[1]) = ((byte)'B', (byte)'M');
        BinaryPrimitives.WriteInt32LittleEndian(file[2..], Length(width, height));
        BinaryPrimitives.WriteInt32LittleEndian(file[10..], HeaderBytes);
        BinaryPrimitives.WriteInt32LittleEndian(file[14..], 40); // the rest of the header
        BinaryPrimitives.WriteInt32LittleEndian(file[18..], width);
        BinaryPrimitives.WriteInt32LittleEndian(file[22..], height);
        (file[26], file[28]) = (1, 24); // planes, bits a pixel
        BinaryPrimitives.WriteInt32LittleEndian(file[34..], RowBytes(width) * height);
    }
}
