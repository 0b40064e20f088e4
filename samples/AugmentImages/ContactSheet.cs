using MLNetExtensions.Imaging.Decoding;

namespace AugmentImagesSample;

/// <summary>Images of one size side by side, a row for each policy.</summary>
internal static class ContactSheet
{
    private const int Gap = 4;

    /// <param name="rows">RGB images, as many in each row.</param>
    public static RasterImage Of(IReadOnlyList<RasterImage[]> rows)
    {
        RasterImage first = rows[0][0];
        int width = (rows[0].Length * (first.Width + Gap)) + Gap,
            height = (rows.Count * (first.Height + Gap)) + Gap;
        var planes = new byte[3 * width * height];
        planes.AsSpan().Fill(255);
        for (int row = 0; row < rows.Count; row++)
        for (int column = 0; column < rows[row].Length; column++)
            Paste(rows[row][column], planes, width, Gap + (column * (first.Width + Gap)), Gap + (row * (first.Height + Gap)));
        return new RasterImage(width, height, channels: 3, planes);
    }

    /// <summary>Planes lie one after the other, each row by row.</summary>
    private static void Paste(RasterImage image, byte[] planes, int width, int left, int top)
    {
        int plane = planes.Length / 3;
        for (int channel = 0; channel < 3; channel++)
        for (int y = 0; y < image.Height; y++)
            image
                .Planes.Slice(((channel * image.Height) + y) * image.Width, image.Width)
                .CopyTo(planes.AsSpan((channel * plane) + ((top + y) * width) + left));
    }
}
