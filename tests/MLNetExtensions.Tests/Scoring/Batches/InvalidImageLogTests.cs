using MLNetExtensions.Imaging;
using MLNetExtensions.Scoring.Batches;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Batches;

public sealed class InvalidImageLogTests
{
    [Fact]
    public void An_image_that_is_met_again_is_listed_and_told_once()
    {
        var warnings = new List<string>();
        var log = new InvalidImageLog(warnings.Add);

        log.Add(new InvalidImageException(7, "b.jpg", "it is truncated"));
        log.Add(new InvalidImageException(2, null, "it is empty"));
        log.Add(new InvalidImageException(7, "b.jpg", "it is truncated"));

        Assert.Equal([2L, 7], log.Listed.Select(image => image.Row));
        Assert.Equal(["Row 7, 'b.jpg', has no score: it is truncated.", "Row 2, has no score: it is empty."], warnings);
    }

    [Fact]
    public void The_list_does_not_grow_without_end()
    {
        int warnings = 0;
        var log = new InvalidImageLog(_ => warnings++);

        for (int row = 0; row < 10_005; row++)
            log.Add(new InvalidImageException(row, null, "bad"));

        Assert.Equal((10_000, 10_000), (log.Listed.Count, warnings));
    }
}
