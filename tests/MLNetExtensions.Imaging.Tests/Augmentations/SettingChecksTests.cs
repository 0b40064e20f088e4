using System.Reflection;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Imaging.Augmentations.Policies;
using MLNetExtensions.Imaging.Tests.Augmentations.Operations;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Augmentations;

/// <summary>Impossible settings are refused before anything is read, all of them in one message.</summary>
public sealed class SettingChecksTests
{
    public static TheoryData<Augmentation> All => OperationTests.All;

    [Theory]
    [MemberData(nameof(All))]
    public void Every_number_of_every_operation_has_its_limits(Augmentation operation)
    {
        Assert.Empty(Problems(operation));
        foreach (PropertyInfo property in Numbers(operation))
        foreach (
            object wrong in Is<float>(property) ? (object[])[float.NaN, float.NegativeInfinity, float.PositiveInfinity] : [int.MinValue]
        )
        {
            string problem = Assert.Single(
                Problems(With(operation, (property, wrong))),
                line =>
                    line.Contains($".{property.Name} must be ", StringComparison.Ordinal)
                    && !line.Contains("at most", StringComparison.Ordinal)
            );
            Assert.StartsWith($"Augmentation.{operation.GetType().Name}.{property.Name} must be ", problem, StringComparison.Ordinal);
            Assert.EndsWith($"not {wrong}.", problem, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_smallest_value_above_the_largest_is_refused(Augmentation operation)
    {
        PropertyInfo[] numbers = [.. Numbers(operation)];
        foreach (PropertyInfo min in numbers.Where(property => property.Name.StartsWith("Min", StringComparison.Ordinal)))
        {
            // MinRatio of Erasing stands alone: the largest is its inverse.
            if (Array.Find(numbers, property => property.Name == "Max" + min.Name[3..]) is not { } max)
                continue;
            object low = min.GetValue(operation)!,
                high = max.GetValue(operation)!;
            string problem = Assert.Single(Problems(With(operation, (min, high), (max, low))));
            Assert.Equal($"Augmentation.{operation.GetType().Name}.{min.Name} must be at most {max.Name}, {low}, not {high}.", problem);
            Assert.Empty(Problems(With(operation, (min, high))));
        }
    }

    [Fact]
    public void A_pair_is_in_most_operations() =>
        Assert.True(All.Count(row => Numbers(row.Data).Any(property => property.Name.StartsWith("Min", StringComparison.Ordinal))) >= 17);

    [Fact]
    public void Policies_have_limits_too()
    {
        Assert.Equal(2, Problems(new RandAugment { Operations = -1, Magnitude = 31 }).Length);
        Assert.Equal(
            4,
            Problems(
                new AugMix
                {
                    Severity = 0,
                    Width = 0,
                    Depth = 0,
                    Alpha = 0,
                }
            ).Length
        );
    }

    private static string[] Problems(Augmentation augmentation)
    {
        var problems = new OptionProblems();
        augmentation.Check(SettingChecks.Of(problems, "Augmentation", augmentation));
        try
        {
            problems.Throw();
            return [];
        }
        catch (ArgumentOutOfRangeException e)
        {
            return [.. e.Message.Split(Environment.NewLine).Select(line => line.Split(" (Parameter", 2)[0])];
        }
    }

    private static IEnumerable<PropertyInfo> Numbers(Augmentation operation) =>
        operation.GetType().GetProperties().Where(property => property.SetMethod is not null && (Is<float>(property) || Is<int>(property)));

    private static bool Is<T>(PropertyInfo property) =>
        (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(T);

    private static Augmentation With(Augmentation operation, params (PropertyInfo Property, object Value)[] values)
    {
        var copy = (Augmentation)operation.GetType().GetMethod("<Clone>$")!.Invoke(operation, null)!;
        foreach ((PropertyInfo property, object value) in values)
            property.SetValue(copy, value);
        return copy;
    }
}
