using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Operations;

/// <summary>Each operation, its draw fixed, against Pillow's image.</summary>
public class GoldenOperationTests
{
    public static TheoryData<string> Names { get; } = [.. GoldenOperation.All.Select(operation => operation.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Agrees_with_Pillow(string name)
    {
        using var golden = new GoldenImages();
        GoldenOperation operation = GoldenOperation.All.Single(o => o.Name == name);
        double difference = operation.Difference(golden);
        Assert.True(difference <= operation.Tolerance, $"differs by {difference}");
    }
}
