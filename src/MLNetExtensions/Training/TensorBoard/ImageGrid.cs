namespace MLNetExtensions.Training.TensorBoard;

/// <summary>Pictures of equal size laid out in one, row after row, with black between them.</summary>
internal static class ImageGrid
{
    /// <param name="batch">[pictures, 3, height, width] bytes, planar RGB.</param>
    /// <param name="width">Of each picture.</param>
    /// <param name="height">Of each picture.</param>
    /// <param name="columns">The pictures in a row; fewer pictures make a narrower grid.</param>
    /// <param name="padding">The black pixels around each picture.</param>
    public static RgbPicture Create(ReadOnlySpan<byte> batch, int width, int height, int columns, int padding)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        int plane = checked(width * height), count = batch.Length / (3 * plane);
        if (count == 0 || batch.Length != 3L * plane * count)
            throw new ArgumentException($"{batch.Length} bytes are no pictures of 3 x {height} x {width}; expected a multiple of {3 * plane}.", nameof(batch));
        columns = Math.Min(columns, count);
        int rows = (count + columns - 1) / columns;
        var grid = new RgbPicture((columns * (width + padding)) + padding, (rows * (height + padding)) + padding, RgbPicture.Rgb(0, 0, 0));
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> red = batch.Slice(3 * i * plane, plane), green = batch.Slice(((3 * i) + 1) * plane, plane), blue = batch.Slice(((3 * i) + 2) * plane, plane);
            int left = padding + (i % columns * (width + padding)), top = padding + (i / columns * (height + padding));
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                {
                    int at = (y * width) + x;
                    grid[left + x, top + y] = RgbPicture.Rgb(red[at], green[at], blue[at]);
                }
        }
        return grid;
    }
}
