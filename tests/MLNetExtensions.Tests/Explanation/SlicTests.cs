using MLNetExtensions.Explanation.Superpixels;
using Xunit;

namespace MLNetExtensions.Tests.Explanation;

public class SlicTests
{
    [Theory]
    [InlineData(224, 224, 50)]
    [InlineData(160, 96, 80)]
    [InlineData(64, 64, 100)]
    public void Superpixels_are_connected_and_about_as_many_as_asked_for(int width, int height, int wanted)
    {
        int[] labels = Slic.Divide(Discs(width, height), width, height, wanted, compactness: 10, out int count);

        Assert.InRange(count, wanted * 0.8, wanted * 1.2);
        Assert.Equal(count, labels.Distinct().Count());
        Assert.Equal(count, Parts(labels, width));
    }

    [Fact]
    public void Superpixels_keep_to_edges_of_color()
    {
        const int side = 64;
        var image = new float[3 * side * side];
        for (int i = 0; i < side * side; i++)
            image[i] = i % side < 27 ? 220 : 20;

        int[] labels = Slic.Divide(image, side, side, 16, compactness: 10, out int count);

        for (int label = 0; label < count; label++)
            Assert.Single(Enumerable.Range(0, labels.Length).Where(i => labels[i] == label).Select(i => i % side < 27).Distinct());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(1, 9)]
    public void Images_smaller_than_the_superpixels_asked_for_are_divided_too(int width, int height)
    {
        int[] labels = Slic.Divide(new float[width * height], width, height, 50, compactness: 10, out int count);

        Assert.InRange(count, 1, width * height);
        Assert.All(labels, label => Assert.InRange(label, 0, count - 1));
    }

    /// <summary>White is (100, 0, 0), red (53.24, 80.09, 67.20): the values of every color table for D65.</summary>
    [Fact]
    public void Colors_are_cielab()
    {
        double[] lab = LabColors.Of([255, 255, 0, 255, 0, 0, 255, 0, 0], 3);

        Assert.Equal([100, 0, 0, 53.24, 80.09, 67.20, 0, 0, 0], lab, (expected, found) => Math.Abs(expected - found) < 0.02);
    }

    private static float[] Discs(int width, int height)
    {
        var image = new float[3 * width * height];
        for (int i = 0; i < image.Length; i++)
        {
            int place = i % (width * height),
                x = place % width,
                y = place / width;
            image[i] = (float)(128 + (90 * Math.Sin((x * 0.07) + (i / (width * height))) * Math.Cos(y * 0.05)));
        }
        return image;
    }

    /// <summary>The number of connected parts of equal labels.</summary>
    private static int Parts(int[] labels, int width)
    {
        int[] roots = [.. Enumerable.Range(0, labels.Length)];
        int Root(int place) => roots[place] == place ? place : roots[place] = Root(roots[place]);
        for (int place = 0; place < labels.Length; place++)
        {
            if (place % width > 0 && labels[place] == labels[place - 1])
                roots[Root(place)] = Root(place - 1);
            if (place >= width && labels[place] == labels[place - width])
                roots[Root(place)] = Root(place - width);
        }
        return roots.Where((root, place) => root == place).Count();
    }
}
