using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace MLNetExtensions.Reports.Tests;

public class ImagesOfReportsTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Images_take_no_more_characters_than_allowed()
    {
        using var rows = new DrawnScores(300);
        const int Limit = 60_000;

        HtmlReport report = Write(rows.View(_ml), rows, new HtmlReportOptions { MaxImageCharacters = Limit });

        string[] sources = Sources(report);
        Assert.InRange(sources.Sum(source => source.Length), Limit / 2, Limit);
        Assert.Equal(report.Images, sources.Length);
        Assert.True(report.ImagesLeftOut > 0);
        Assert.Contains("left out to keep the file small", File.ReadAllText(report.Path));
    }

    [Fact]
    public void The_worst_mistakes_have_images_first()
    {
        using var rows = new DrawnScores(300);

        HtmlReport report = Write(rows.View(_ml), rows, new HtmlReportOptions { MaxImages = 5, WorstRows = 10 });

        Assert.Equal(5, report.Images);
        Assert.Equal(5, Regex.Count(File.ReadAllText(report.Path), "<img src=\"data:image/webp"));
    }

    [Fact]
    public void A_thumbnail_is_as_large_as_asked_for()
    {
        using var rows = new DrawnScores(50);

        HtmlReport report = Write(rows.View(_ml), rows, new HtmlReportOptions { ThumbnailSize = 64 });

        MatchCollection sizes = Regex.Matches(File.ReadAllText(report.Path), "width=\"(\\d+)\" height=\"(\\d+)\" alt");
        Assert.NotEmpty(sizes);
        Assert.All(sizes, size => Assert.Equal(64, Math.Max(int.Parse(size.Groups[1].Value), int.Parse(size.Groups[2].Value))));
    }

    [Fact]
    public void An_image_that_cannot_be_read_is_named_in_its_place()
    {
        using var rows = new DrawnScores(100);
        // All rows are mistakes, so all of them are wanted.
        DrawnScores.ScoredRow[] wrong = [.. rows.Rows.Take(6).Select(row => rows.Wrong(row))];
        string broken = Path.Combine(rows.Folder, "broken.jpg");
        File.WriteAllBytes(broken, File.ReadAllBytes(wrong[1].ImagePath)[..400]);
        wrong[1].ImagePath = broken;
        wrong[4].ImagePath = Path.Combine(rows.Folder, "absent.jpg");

        HtmlReport report = Write(rows.View(_ml, wrong), rows);

        Assert.Equal([1L, 4L], report.InvalidImages.Select(image => image.Row).Order());
        Assert.Equal(4, report.Images);
        string html = File.ReadAllText(report.Path);
        Assert.Contains("cannot be read: it is truncated", html);
        Assert.Contains("cannot be read: the file does not exist", html);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(report.JsonPath));
        Assert.Equal(2, json.RootElement.GetProperty("images").GetProperty("invalid").GetArrayLength());
    }

    [Fact]
    public void Images_that_are_decoded_already_are_shown_too()
    {
        using var rows = new DrawnScores(40);
        IDataView scored = rows.View(_ml);
        IDataView images = _ml.Transforms.LoadImages("Image", "", "ImagePath").Fit(scored).Transform(scored);

        HtmlReport fromPaths = Write(scored, rows);
        string[] expected = Sources(fromPaths);
        HtmlReport fromImages = Write(images, rows);

        Assert.Equal(expected.Length, Sources(fromImages).Length);
        Assert.Contains("photo-0", File.ReadAllText(fromImages.Path));
    }

    [Fact]
    public void Rows_without_images_make_a_report_too()
    {
        using var rows = new DrawnScores(100);
        IDataView view = rows.View(_ml);
        IDataView scored = _ml.Transforms.SelectColumns("Label", "Score").Fit(view).Transform(view);

        HtmlReport report = Write(scored, rows);

        Assert.Equal(0, report.Images);
        Assert.Contains("100 test rows", File.ReadAllText(report.Path));
    }

    [Fact]
    public void Rows_that_come_in_another_order_keep_their_images()
    {
        using var rows = new DrawnScores(60);
        IDataView shuffled = _ml.Data.ShuffleRows(rows.View(_ml), seed: 3);

        HtmlReport report = Write(shuffled, rows);

        // A mistake's path is that of its own row: the label stands in the name of no file, so the rows are compared by their scores.
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(report.JsonPath));
        JsonElement[] mistakes = [.. json.RootElement.GetProperty("classification").GetProperty("worstMistakes").EnumerateArray()];
        Assert.NotEmpty(mistakes);
        Assert.All(
            mistakes,
            mistake =>
                Assert.Contains(
                    rows.Rows,
                    row =>
                        row.ImagePath == mistake.GetProperty("image").GetString()
                        && row.Label == mistake.GetProperty("actual").GetString()
                        && row.Score.Max() == mistake.GetProperty("probability").GetSingle()
                )
        );
    }

    [Fact]
    public void Each_row_is_scored_once()
    {
        using var rows = new DrawnScores(30);
        int scored = 0;
        IDataView view = rows.View(_ml);
        IDataView counted = _ml
            .Transforms.CustomMapping<ScoreIn, ScoreOut>(
                (input, output) =>
                {
                    Interlocked.Increment(ref scored);
                    output.Score = input.Score;
                },
                contractName: null,
                inputSchemaDefinition: SchemaOf(typeof(ScoreIn), rows),
                outputSchemaDefinition: SchemaOf(typeof(ScoreOut), rows)
            )
            .Fit(view)
            .Transform(view);

        HtmlReport report = Write(counted, rows);

        Assert.Equal(30, scored);
        Assert.True(report.Images > 0);
    }

    private HtmlReport Write(IDataView scored, DrawnScores rows, HtmlReportOptions? options = null) =>
        _ml.Vision().WriteReport(scored, Path.Combine(rows.Folder, "report.html"), options);

    private static SchemaDefinition SchemaOf(Type type, DrawnScores rows)
    {
        SchemaDefinition schema = SchemaDefinition.Create(type);
        schema["Score"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows.Classes.Length);
        return schema;
    }

    private static string[] Sources(HtmlReport report) =>
        [.. Regex.Matches(File.ReadAllText(report.Path), "data:image/webp;base64,[A-Za-z0-9+/=]+").Select(match => match.Value)];

    private sealed class ScoreIn
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class ScoreOut
    {
        public float[] Score { get; set; } = [];
    }
}
