namespace MLNetExtensions.Training.TensorBoard;

/// <summary>Images of equal size laid out in one, row after row, with black between them.</summary>
internal static class ImageGrid
{
    /// <param name="batch">[images, 3, height, width] bytes, planar RGB.</param>
    /// <param name="width">The width of each image.</param>
    /// <param name="height">The height of each image.</param>
    /// <param name="columns">The images in a row; fewer images make a narrower grid.</param>
    /// <param name="padding">The width of the black border around each image, in pixels.</param>
    public static RgbImage Create(ReadOnlySpan<byte> batch, int width, int height, int columns, int padding)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        int plane = checked(width * height),
            count = batch.Length / (3 * plane);
        if (count == 0 || batch.Length != 3L * plane * count)
            throw new ArgumentException(
                $"{batch.Length} bytes are no images of 3 x {height} x {width}; expected a multiple of {3 * plane}.",
                nameof(batch)
            );
        columns = Math.Min(columns, count);
        int rows = (count + columns - 1) / columns;
        var grid = new RgbImage((columns * (width + padding)) + padding, (rows * (height + padding)) + padding, RgbImage.Rgb(0, 0, 0));
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> red = batch.Slice(3 * i * plane, plane),
                green = batch.Slice(((3 * i) + 1) * plane, plane),
                blue = batch.Slice(((3 * i) + 2) * plane, plane);
            int left = padding + (i % columns * (width + padding)),
                top = padding + (i / columns * (height + padding));
            for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                int at = (y * width) + x;
                grid[left + x, top + y] = RgbImage.Rgb(red[at], green[at], blue[at]);
            }
        }
        return grid;
    }
}
