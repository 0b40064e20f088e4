using MLNetExtensions.Backbones;
using Xunit;

namespace MLNetExtensions.Tests.Backbones;

public sealed class BackboneRankingTests
{
    [Fact]
    public void Networks_for_photos_come_first_and_the_strong_ones_before_the_others()
    {
        string[] names = ["cifarnet_cifar10", "vgg16-7", "mobilenetv2-12", "resnet18_dnnimagefeaturizer", "resnet50-v1-7", "resnet50-v2-7"];

        string[] ordered = [.. names.Select(Entry).BestFirst(e => e.Name, e => e.Preprocessing).Select(e => e.Name)];

        Assert.Equal(
            ["resnet50-v2-7", "resnet50-v1-7", "resnet18_dnnimagefeaturizer", "mobilenetv2-12", "vgg16-7", "cifarnet_cifar10"],
            ordered
        );
    }

    [Fact]
    public void Every_ranked_name_is_a_catalog_entry() =>
        Assert.All(
            BackboneRanking.Names,
            start => Assert.Contains(BackboneCatalog.BuiltIn, e => e.Name.StartsWith(start, StringComparison.Ordinal))
        );

    private static BackboneInfo Entry(string name) => BackboneCatalog.BuiltIn.Single(e => e.Name == name);
}
