using System.Text.Json;
using MLNetExtensions.Data.Masks;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Data.Masks;

public sealed class CocoOutlineTests
{
    [Fact]
    public void Polygons_have_the_pixels_of_pycocotools()
    {
        foreach (JsonElement golden in Golden())
        {
            (int width, int height) = Size(golden);
            bool[] filled = new bool[width * height],
                expected = new bool[width * height];

            PolygonRaster.Fill([.. Numbers(golden, "points")], width, height, filled);

            RunLengths.Fill([.. Numbers(golden, "counts").Select(n => (long)n)], width, height, expected);
            Assert.Equal(Shown(expected, width), Shown(filled, width));
        }
    }

    [Fact]
    public void Texts_of_run_lengths_are_those_of_pycocotools()
    {
        foreach (JsonElement golden in Golden())
            Assert.Equal(Numbers(golden, "counts").Select(n => (long)n), RunLengths.Parse(golden.GetProperty("packed").GetString()!));
    }

    // By hand: a pixel is inside where the middle of its column is between the edges, its rows from the upper edge rounded up.
    [Fact]
    public void A_triangle_is_filled_column_by_column()
    {
        bool[] filled = new bool[9 * 7];

        PolygonRaster.Fill([4, 0, 8, 6, 0, 6], 9, 7, filled);

        Assert.Equal(
            """
            .........
            ...##....
            ..####...
            ..####...
            .######..
            ########.
            .........
            """.ReplaceLineEndings("\n"),
            Shown(filled, 9)
        );
    }

    [Fact]
    public void Runs_go_down_the_columns()
    {
        bool[] filled = new bool[6];

        RunLengths.Fill([1, 2, 3], width: 3, height: 2, filled);

        Assert.Equal("..#\n#..".Replace("..#", ".#.", StringComparison.Ordinal), Shown(filled, 3));
    }

    [Theory]
    [InlineData(3, 2, 1L, 2L)]
    [InlineData(3, 2, 1L, 2L, 4L)]
    [InlineData(3, 2, 1L, -2L, 7L)]
    public void Runs_of_another_size_are_refused(int width, int height, params long[] counts)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() =>
            RunLengths.Fill(counts, width, height, new bool[width * height])
        );

        Assert.Contains("its run lengths", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5")] // is 5
    [InlineData("")]
    public void Short_texts_are_read(string text) => Assert.Equal(text.Length, RunLengths.Parse(text).Count);

    [Theory]
    [InlineData("o")] // goes on, and ends
    [InlineData("5 ")]
    [InlineData("oooooooo0")]
    [InlineData("5é")]
    public void Damaged_texts_are_refused(string text) =>
        Assert.Contains(
            "damaged at character",
            Assert.Throws<InvalidDataException>(() => RunLengths.Parse(text)).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("has 4 numbers", 1.0, 1.0, 2.0, 2.0)]
    [InlineData("has 7 numbers", 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0)]
    [InlineData("far outside", 1.0, 1.0, 2e9, 2.0, 3.0, 3.0)]
    [InlineData("far outside", 1.0, 1.0, double.NaN, 2.0, 3.0, 3.0)]
    public void Polygons_out_of_bounds_are_refused(string expected, params double[] points) =>
        Assert.Contains(
            expected,
            Assert.Throws<InvalidDataException>(() => PolygonRaster.Fill(points, 10, 10, new bool[100])).Message,
            StringComparison.Ordinal
        );

    private static IEnumerable<JsonElement> Golden() =>
        JsonDocument.Parse(File.ReadAllText(GoldenFiles.PathOf("masks.json"))).RootElement.GetProperty("polygons").EnumerateArray();

    private static IEnumerable<double> Numbers(JsonElement golden, string name) =>
        golden.GetProperty(name).EnumerateArray().Select(v => v.GetDouble());

    private static (int Width, int Height) Size(JsonElement golden) =>
        (golden.GetProperty("width").GetInt32(), golden.GetProperty("height").GetInt32());

    private static string Shown(bool[] inside, int width) =>
        string.Join('\n', inside.Chunk(width).Select(row => string.Concat(row.Select(value => value ? '#' : '.'))));
}
