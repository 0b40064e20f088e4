using System.Globalization;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Training.TensorBoard;

/// <summary>
/// A confusion matrix as a picture: a row for each class, a column for each prediction, the darker the larger the share of the row; the
/// counts inside where there is room.
/// </summary>
internal static class ConfusionPicture
{
    private const int Margin = 6, LongestName = 24, SmallestSquare = 4, MostPixels = 1600;

    private static readonly uint White = RgbPicture.Rgb(255, 255, 255), Black = RgbPicture.Rgb(0, 0, 0), Line = RgbPicture.Rgb(220, 220, 220);

    public static RgbPicture Draw(ConfusionMatrix matrix)
    {
        int n = matrix.Classes.Count;
        int digits = Longest(matrix).ToString(CultureInfo.InvariantCulture).Length;
        int square = Math.Max(Math.Max(digits, Number(n - 1).Length) * PixelFont.Advance + 4, PixelFont.Height + 6);
        bool hasText = (long)square * n <= MostPixels;
        if (!hasText)
            square = Math.Max(SmallestSquare, MostPixels / n);
        // Columns are headed by the number of the class, rows by number and name.
        string[] names = [.. matrix.Classes.Select((name, i) => $"{Number(i)} {(name.Length > LongestName ? name[..(LongestName - 2)] + ".." : name)}")];
        int left = hasText ? (2 * Margin) + Math.Max(names.Max(PixelFont.Measure), PixelFont.Measure(Corner)) : Margin;
        int top = hasText ? (2 * Margin) + PixelFont.Height : Margin;
        var picture = new RgbPicture(left + (n * square) + 1 + Margin, top + (n * square) + 1 + Margin, White);

        if (hasText)
            PixelFont.Draw(picture, Corner, Margin, Margin, Black);
        picture.FillRectangle(left, top, (n * square) + 1, (n * square) + 1, Line);
        for (int actual = 0; actual < n; actual++)
        {
            if (hasText)
            {
                PixelFont.Draw(picture, names[actual], Margin, Centre(top + (actual * square), square, PixelFont.Height), Black);
                PixelFont.Draw(picture, Number(actual), Centre(left + (actual * square), square, PixelFont.Measure(Number(actual))), Margin, Black);
            }
            for (int predicted = 0; predicted < n; predicted++)
            {
                long count = matrix[actual, predicted];
                double share = matrix.Actual[actual] == 0 ? 0 : (double)count / matrix.Actual[actual];
                int x = left + (predicted * square), y = top + (actual * square);
                picture.FillRectangle(x + 1, y + 1, square - 1, square - 1, Shade(share));
                if (hasText && count > 0)
                    PixelFont.Draw(picture, Number(count), Centre(x, square, PixelFont.Measure(Number(count))), Centre(y, square, PixelFont.Height), share > 0.5 ? White : Black);
            }
        }
        return picture;
    }

    private const string Corner = "actual \\ predicted";

    /// <summary>From white to dark blue.</summary>
    internal static uint Shade(double share) =>
        RgbPicture.Rgb((byte)Math.Round(255 - (247 * share)), (byte)Math.Round(255 - (207 * share)), (byte)Math.Round(255 - (148 * share)));

    private static long Longest(ConfusionMatrix matrix)
    {
        long largest = 0;
        for (int actual = 0; actual < matrix.Classes.Count; actual++)
            for (int predicted = 0; predicted < matrix.Classes.Count; predicted++)
                largest = Math.Max(largest, matrix[actual, predicted]);
        return largest;
    }

    private static int Centre(int start, int room, int size) => start + ((room + 1 - size) / 2);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
