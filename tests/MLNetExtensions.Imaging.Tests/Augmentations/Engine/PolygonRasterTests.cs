using MLNetExtensions.Imaging.Augmentations.Engine;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Engine;

public class PolygonRasterTests
{
    [Fact]
    public void Pixels_belong_to_a_polygon_by_their_centers()
    {
        byte[] mask = new byte[5 * 4];
        PolygonRaster.Fill(
            [
                [0.6f, 0.4f, 3.6f, 0.4f, 3.6f, 2.6f, 0.6f, 2.6f],
            ],
            mask,
            5,
            4,
            9
        );
        byte[] expected = [0, 9, 9, 9, 0, 0, 9, 9, 9, 0, 0, 9, 9, 9, 0, 0, 0, 0, 0, 0];
        Assert.Equal(expected, mask);
    }

    [Fact]
    public void Parts_are_joined_and_what_lies_outside_is_cut_off()
    {
        byte[] mask = new byte[4 * 2];
        PolygonRaster.Fill(
            [
                [-9, -9, 1, -9, 1, 9, -9, 9],
                [3, -1, 9, -1, 9, 1, 3, 1],
            ],
            mask,
            4,
            2,
            1
        );
        Assert.Equal([1, 0, 0, 1, 1, 0, 0, 0], mask);
    }
}
