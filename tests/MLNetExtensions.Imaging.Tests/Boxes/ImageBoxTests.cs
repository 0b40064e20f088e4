using MLNetExtensions.Imaging.Boxes;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Boxes;

public class ImageBoxTests
{
    [Fact]
    public void The_intersection_over_union_is_that_of_the_areas()
    {
        var box = new ImageBox(0, 0, 4, 4);
        Assert.Equal(1, box.IntersectionOverUnion(box));
        Assert.Equal(4 / 28f, box.IntersectionOverUnion(new ImageBox(2, 2, 6, 6)));
        Assert.Equal(0, box.IntersectionOverUnion(new ImageBox(4, 0, 8, 4)));
        Assert.Equal(0, new ImageBox(1, 1, 1, 1).IntersectionOverUnion(new ImageBox(1, 1, 1, 1)));
    }

    [Fact]
    public void Swapped_edges_have_no_area() => Assert.Equal(0, new ImageBox(4, 4, 0, 0).Area);
}
