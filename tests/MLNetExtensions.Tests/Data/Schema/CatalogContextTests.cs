using Microsoft.ML;
using MLNetExtensions.Data.Schema;
using Xunit;

namespace MLNetExtensions.Tests.Data.Schema;

public class CatalogContextTests
{
    public static TheoryData<string, Func<MLContext, object>> Catalogs =>
        new()
        {
            { "ml.Data", ml => ml.Data },
            { "ml.Model", ml => ml.Model },
            { "ml.Transforms", ml => ml.Transforms },
            { "ml.MulticlassClassification.Trainers", ml => ml.MulticlassClassification.Trainers },
            { "ml.Regression.Trainers", ml => ml.Regression.Trainers },
        };

    [Theory]
    [MemberData(nameof(Catalogs))]
    public void A_catalog_knows_its_own_context(string name, Func<MLContext, object> catalog)
    {
        MLContext first = new(1),
            second = new();
        first.Log += (_, _) => { };

        Assert.True(ReferenceEquals(first, CatalogContext.Of(catalog(first))), name);
        Assert.True(ReferenceEquals(second, CatalogContext.Of(catalog(second))), name);
    }

    [Fact]
    public void No_catalog_is_an_error() => Assert.Throws<ArgumentNullException>(() => CatalogContext.Of(null!));

    [Fact]
    public void What_is_no_catalog_is_an_error_that_names_the_version() =>
        Assert.Contains("Microsoft.ML 5.0", Assert.ThrowsAny<Exception>(() => CatalogContext.Of("text")).Message, StringComparison.Ordinal);
}
