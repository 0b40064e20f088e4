using System.Text.Json.Nodes;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tool.Tests.Tasks;

public sealed class SegmentTests : IDisposable
{
    private readonly SceneFolders _scenes = new(24);

    private string Run => Path.Combine(_scenes.Runs, "train1");

    public void Dispose() => _scenes.Dispose();

    [Fact]
    public async Task A_segmentation_network_is_trained_measured_and_used()
    {
        CommandResult trained = await Mlnetx.Succeed(_scenes.Train("segment", _scenes.Path, "--dice-weight", "0.5", "--epochs", "8"));

        foreach (string file in new[] { "model.zip", "model.onnx", "metrics.json", "test.csv", "report.html", "report.json" })
            Assert.True(new FileInfo(Path.Combine(Run, file)).Length > 0, file);
        JsonNode metrics = Json(File.ReadAllText(Path.Combine(Run, "metrics.json"))),
            status = Json(File.ReadAllText(Path.Combine(Run, "status.json")));
        Assert.Contains("Mean IoU", trained.Out, StringComparison.Ordinal);
        Assert.Equal("segment", (string?)status["task"]);
        Assert.Equal((double?)metrics["meanIoU"], (double?)status["testMeanIoU"]);
        Assert.Equal(["background", "circle", "rectangle", "triangle"], metrics["classes"]!.AsArray().Select(c => (string?)c!["name"]));
        Assert.Contains("classes: background,circle,rectangle,triangle", File.ReadAllText(Path.Combine(Run, "config.yaml")));

        CommandResult evaluated = await Mlnetx.Succeed("evaluate", "--model", Run, "--json");
        Assert.Equal(Rounded(metrics["meanIoU"]), Rounded(Json(evaluated.Out)["meanIoU"]));

        string drawn = _scenes.At("drawn"),
            masks = _scenes.At("masks");
        CommandResult predicted = await Mlnetx.Succeed([
            "predict",
            Path.Combine(_scenes.Images, "0001.png"),
            "--model",
            Path.Combine(Run, "model.zip"),
            "--draw",
            drawn,
            "--write-masks",
            masks,
        ]);
        string[] lines = predicted.Out.TrimEnd().Split('\n');
        Assert.Equal("path,label,pixels,fraction,problem", lines[0]);
        Assert.Equal("background", lines[1].Split(',')[1]);
        Assert.Equal(SceneFolders.Side * SceneFolders.Side, lines.Skip(1).Sum(line => int.Parse(line.Split(',')[2])));
        using SKBitmap mask = SKBitmap.Decode(Path.Combine(masks, "0001.png")),
            picture = SKBitmap.Decode(Path.Combine(drawn, "0001.png"));
        Assert.Equal((SceneFolders.Side, SceneFolders.Side), (mask.Width, mask.Height));
        Assert.Equal((SceneFolders.Side, SceneFolders.Side), (picture.Width, picture.Height));
        Assert.All(mask.Pixels, pixel => Assert.True(pixel.Red < 4));

        CommandResult compared = await Mlnetx.Succeed("runs", "compare", "--runs", _scenes.Runs);
        Assert.Contains("mean IoU", compared.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folders_and_classes_can_be_named()
    {
        string images = Path.Combine(_scenes.Path, "pictures"),
            masks = Path.Combine(_scenes.Path, "indices");
        Directory.Move(_scenes.Images, images);
        Directory.Move(_scenes.Masks, masks);
        File.Delete(_scenes.ClassList);

        await Mlnetx.Succeed([
            .. _scenes.Train("segment", _scenes.Path, "--epochs", "1", "--no-report"),
            "--image-folder",
            images,
            "--mask-folder",
            masks,
            "--classes",
            "background,circle,rectangle,triangle",
        ]);

        CommandResult evaluated = await Mlnetx.Succeed("evaluate", "--model", Run);
        Assert.Contains("triangle", evaluated.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_turned_photo_has_the_mask_of_the_upright_one()
    {
        await Mlnetx.Succeed(_scenes.Train("segment", _scenes.Path, "--epochs", "2", "--no-report"));
        string photo = Path.Combine(_scenes.Images, "0002.png"),
            upright = _scenes.At("photos/upright.png"),
            turned = _scenes.At("photos/turned.jpg");
        Directory.CreateDirectory(Path.GetDirectoryName(turned)!);
        using (SKBitmap whole = SKBitmap.Decode(photo))
        using (var left = new SKBitmap(whole.Width / 2, whole.Height))
        using (var lying = new SKBitmap(whole.Height, whole.Width / 2))
        {
            whole.ExtractSubset(left, new SKRectI(0, 0, left.Width, left.Height));
            File.WriteAllBytes(upright, Encoded(left, SKEncodedImageFormat.Png));
            // The camera held upright writes the photo lying on its left side: the reader turns it to the right (orientation 6).
            using (var canvas = new SKCanvas(lying))
            {
                canvas.Translate(0, lying.Height);
                canvas.RotateDegrees(-90);
                canvas.DrawBitmap(left, 0, 0);
            }
            byte[] jpeg = Encoded(lying, SKEncodedImageFormat.Jpeg);
            byte[] exif = Convert.FromHexString("FFE100224578696600004D4D002A00000008000101120003000000010006000000000000");
            File.WriteAllBytes(turned, [.. jpeg[..2], .. exif, .. jpeg[2..]]);
        }

        await Mlnetx.Succeed(
            "predict",
            Path.GetDirectoryName(turned)!,
            "--model",
            Run,
            "--write-masks",
            _scenes.At("masks"),
            "--draw",
            _scenes.At("drawn")
        );

        using SKBitmap expected = SKBitmap.Decode(_scenes.At("masks/upright.png")),
            actual = SKBitmap.Decode(_scenes.At("masks/turned.png"));
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        int same = expected.Pixels.Zip(actual.Pixels).Count(pair => pair.First == pair.Second);
        Assert.True(same > 0.97 * expected.Pixels.Length, $"{same} of {expected.Pixels.Length} pixels");

        static byte[] Encoded(SKBitmap bitmap, SKEncodedImageFormat format)
        {
            using SKData data = bitmap.Encode(format, 100);
            return data.ToArray();
        }
    }

    [Fact]
    public async Task Check_tells_of_masks()
    {
        CommandResult result = await Mlnetx.Succeed("check", _scenes.Path, "--task", "segment", "--json");

        Assert.Equal(["background", "circle", "rectangle", "triangle"], Json(result.Out)["classes"]!.AsObject().Select(c => c.Key));
    }

    private static JsonNode Json(string text) => JsonNode.Parse(text)!;

    private static double Rounded(JsonNode? number) => Math.Round((double)number!, 3);
}
