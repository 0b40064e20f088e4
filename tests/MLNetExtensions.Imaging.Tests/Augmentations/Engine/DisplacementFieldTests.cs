using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Augmentations.Operations;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Engine;

public class DisplacementFieldTests
{
    public static TheoryData<int> Kinds => [0, 1, 2];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_way_back_leads_to_where_a_pixel_came_from(int kind)
    {
        IDisplacement operation = kind switch
        {
            0 => new Elastic { Displacement = 5, Smoothness = 40 },
            1 => new GridDistortion { Limit = 0.9f },
            _ => new GridDistortion { Steps = 1 },
        };
        var field = new DisplacementField();
        field.Set(operation, new DrawKey(17), 100, 80);
        for (int y = 0; y < 80; y += 3)
        for (int x = 0; x < 100; x += 3)
        {
            (double backX, double backY) = field.ToOutput(field.X[(y * 100) + x], field.Y[(y * 100) + x]);
            Assert.Equal(x + 0.5, backX, 0.2);
            Assert.Equal(y + 0.5, backY, 0.2);
        }
    }
}
