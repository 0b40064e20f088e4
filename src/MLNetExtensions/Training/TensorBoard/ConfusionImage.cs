using System.Globalization;
using MLNetExtensions.Training.Metrics;

namespace MLNetExtensions.Training.TensorBoard;

/// <summary>
/// A confusion matrix as an image: a row for each class, a column for each prediction, the darker the larger the share of the row; the
/// counts inside where there is room.
/// </summary>
internal static class ConfusionImage
{
    private const int Margin = 6,
        LongestName = 24,
        SmallestSquare = 4,
        MostPixels = 1600;

    private static readonly uint White = RgbImage.Rgb(255, 255, 255),
        Black = RgbImage.Rgb(0, 0, 0),
        Line = RgbImage.Rgb(220, 220, 220);

    public static RgbImage Draw(ClassConfusionMatrix matrix)
    {
        int n = matrix.Classes.Count;
        int digits = Longest(matrix).ToString(CultureInfo.InvariantCulture).Length;
        int square = Math.Max(Math.Max(digits, Number(n - 1).Length) * PixelFont.Advance + 4, PixelFont.Height + 6);
        bool hasText = (long)square * n <= MostPixels;
        if (!hasText)
            square = Math.Max(SmallestSquare, MostPixels / n);
        // Columns are headed by the number of the class, rows by number and name.
        string[] names =
        [
            .. matrix.Classes.Select((name, i) => $"{Number(i)} {(name.Length > LongestName ? name[..(LongestName - 2)] + ".." : name)}"),
        ];
        int left = hasText ? (2 * Margin) + Math.Max(names.Max(PixelFont.Measure), PixelFont.Measure(Corner)) : Margin;
        int top = hasText ? (2 * Margin) + PixelFont.Height : Margin;
        var image = new RgbImage(left + (n * square) + 1 + Margin, top + (n * square) + 1 + Margin, White);

        if (hasText)
            PixelFont.Draw(image, Corner, Margin, Margin, Black);
        image.FillRectangle(left, top, (n * square) + 1, (n * square) + 1, Line);
        for (int actual = 0; actual < n; actual++)
        {
            if (hasText)
            {
                PixelFont.Draw(image, names[actual], Margin, Center(top + (actual * square), square, PixelFont.Height), Black);
                PixelFont.Draw(
                    image,
                    Number(actual),
                    Center(left + (actual * square), square, PixelFont.Measure(Number(actual))),
                    Margin,
                    Black
                );
            }
            for (int predicted = 0; predicted < n; predicted++)
            {
                long count = matrix[actual, predicted];
                double share = matrix.Actual[actual] == 0 ? 0 : (double)count / matrix.Actual[actual];
                int x = left + (predicted * square),
                    y = top + (actual * square);
                image.FillRectangle(x + 1, y + 1, square - 1, square - 1, Shade(share));
                if (hasText && count > 0)
                    PixelFont.Draw(
                        image,
                        Number(count),
                        Center(x, square, PixelFont.Measure(Number(count))),
                        Center(y, square, PixelFont.Height),
                        share > 0.5 ? White : Black
                    );
            }
        }
        return image;
    }

    private const string Corner = "actual \\ predicted";

    /// <summary>The color of a fraction, from white to dark blue.</summary>
    internal static uint Shade(double share) =>
        RgbImage.Rgb((byte)Math.Round(255 - (247 * share)), (byte)Math.Round(255 - (207 * share)), (byte)Math.Round(255 - (148 * share)));

    private static long Longest(ClassConfusionMatrix matrix)
    {
        long largest = 0;
        for (int actual = 0; actual < matrix.Classes.Count; actual++)
        for (int predicted = 0; predicted < matrix.Classes.Count; predicted++)
            largest = Math.Max(largest, matrix[actual, predicted]);
        return largest;
    }

    private static int Center(int start, int room, int size) => start + ((room + 1 - size) / 2);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
