using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Boxes;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;
using Xunit;

namespace MLNetExtensions.Tests.Data.Boxes;

public sealed class BoxCheckTests
{
    private static readonly ImageSize Size = new(100, 50);

    [Theory]
    [InlineData(0, 0, 100, 50, null)]
    [InlineData(-1, -1, 101, 51, null)] // a pixel is rounding
    [InlineData(-1.5f, 0, 10, 10, "reaches over the edge of the image of 100 x 50 pixels")]
    [InlineData(0, 0, 10, 51.5f, "reaches over the edge of the image of 100 x 50 pixels")]
    [InlineData(100, 0, 101, 10, "lies outside the image of 100 x 50 pixels")]
    [InlineData(-9, 0, 0, 10, "lies outside the image of 100 x 50 pixels")]
    [InlineData(5, 5, 5, 10, "has no area")]
    [InlineData(5, 5, 4, 10, "is inverted")]
    [InlineData(5, float.NaN, 9, 10, "is not finite")]
    [InlineData(5, 5, float.PositiveInfinity, 10, "is not finite")]
    public void A_problem_is_called_by_its_name(float left, float top, float right, float bottom, string? expected) =>
        Assert.Equal(expected, BoxCheck.ProblemOf(new ImageBox(left, top, right, bottom), Size));

    [Fact]
    public void Without_a_size_only_the_box_itself_can_be_wrong() =>
        Assert.Null(BoxCheck.ProblemOf(new ImageBox(-50, 0, 9000, 10), default));

    [Fact]
    public void Refused_boxes_are_counted_and_the_first_is_named()
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Run(InvalidBoxHandling.Refuse, out _, out _));

        Assert.Contains(
            "'source': box 1 has the box (90, 10, 120, 20), which reaches over the edge",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("2 other boxes are wrong", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Clipped_boxes_end_at_the_edge_and_those_without_a_rest_are_left_out()
    {
        Run(InvalidBoxHandling.Clip, out List<ImageBox> boxes, out string warning);

        Assert.Equal([new ImageBox(1, 1, 9, 9), new ImageBox(90, 10, 100, 20)], boxes);
        Assert.Contains("1 were cut at the image's edge, 2 left out. The first: box 1 has", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Skipped_boxes_are_counted()
    {
        Run(InvalidBoxHandling.Skip, out List<ImageBox> boxes, out string warning);

        Assert.Single(boxes);
        Assert.Contains("0 were cut at the image's edge, 3 left out", warning, StringComparison.Ordinal);
    }

    private static void Run(InvalidBoxHandling handling, out List<ImageBox> boxes, out string warning)
    {
        var check = new BoxCheck("source", handling);
        boxes = [];
        ImageBox[] all = [new(1, 1, 9, 9), new(90, 10, 120, 20), new(200, 10, 220, 20), new(30, 10, 20, 20)];
        for (int i = 0; i < all.Length; i++)
        {
            int place = i;
            check.Add(boxes, all[i], Size, () => $"box {place}");
        }
        string logged = "";
        var context = new MLContext();
        context.Log += (_, e) => logged += e.Kind == ChannelMessageKind.Warning ? e.Message : "";
        using IChannel channel = ((IHostEnvironment)context).Register("test").Start("test");
        check.Finish(channel);
        warning = logged;
    }
}
