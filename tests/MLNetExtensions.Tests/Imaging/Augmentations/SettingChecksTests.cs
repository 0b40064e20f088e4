using System.Reflection;
using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.BatchAugmentations;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Imaging.Augmentations.Policies;
using MLNetExtensions.Tests.Backbones;
using MLNetExtensions.Tests.Imaging.Augmentations.Operations;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Tests.Imaging.Augmentations;

/// <summary>Impossible settings are refused before anything is read, all of them in one message.</summary>
public sealed class SettingChecksTests
{
    private readonly MLContext _ml = new(seed: 1);

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
    public void One_message_lists_all_with_their_places()
    {
        Augmentation policy = Augment.Compose(
            new RandomResizedCrop
            {
                MinArea = 0.9f,
                MaxArea = 0.3f,
                Width = -5,
            },
            Augment.Sometimes(1.5f, new Brightness { MinFactor = -1 }),
            Augment.OneOf(new HorizontalFlip(), new Gamma { Min = 2, Max = 1 })
        );
        string[] expected =
        [
            "ugmentation.Steps[0].RandomResizedCrop.Width must be at least 1, not -5.",
            "ugmentation.Steps[0].RandomResizedCrop.MinArea must be at most MaxArea, 0.3, not 0.9.",
            "ugmentation.Steps[1].Sometimes.Probability must be 0 to 1, not 1.5.",
            "ugmentation.Steps[1].Augmentation.Brightness.MinFactor must be at least 0, not -1.",
            "ugmentation.Steps[2].Choices[1].Gamma.Min must be at most Max, 1, not 2.",
        ];
        Backbone backbone = Backbone.FromGraph(
            SmallNetwork.Create(-1, 3, 16, 16),
            new ImagePreprocessing { Width = 16, Height = 16 },
            "small"
        );
        string trainer = Message(() =>
            _ml.MulticlassClassification.Trainers.FineTune(
                new FineTuneOptions
                {
                    Backbone = backbone,
                    Augmentation = policy,
                    BatchSize = 0,
                    BatchAugmentation = new Mixup { Alpha = 0, Probability = 2 },
                }
            )
        );
        IDataView data = _ml.Data.LoadFromEnumerable([new { ImagePath = "none.jpg" }]);
        Assert.All(
            [
                trainer,
                Message(() => _ml.Transforms.AugmentImages(policy)),
                Message(() => _ml.Vision().AugmentToFiles(data, policy, "never")),
                Message(() => _ml.Vision().PreviewAugmentation(data, policy, "never.png")),
            ],
            message => Assert.All(expected, line => Assert.Contains(line, message, StringComparison.Ordinal))
        );
        Assert.All(
            (string[])
                [
                    "BatchSize must be",
                    "BatchAugmentation.Mixup.Probability must be 0 to 1, not 2.",
                    "BatchAugmentation.Mixup.Alpha must be a positive number, not 0.",
                ],
            line => Assert.Contains(line, trainer, StringComparison.Ordinal)
        );
        Assert.Contains(
            "TileSize must be 8 to 2048, not 4",
            Message(() => _ml.Vision().PreviewAugmentation(data, Augment.Standard(), "never.png", new() { TileSize = 4, Draws = 0 })),
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists("never"));
    }

    [Fact]
    public void Policies_and_mixing_have_limits_too()
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
        Assert.Contains(
            "CutMix.Alpha",
            Message(() =>
                _ml.MulticlassClassification.Trainers.TrainNetwork(new() { BatchAugmentation = new CutMix { Alpha = float.NaN } })
            ),
            StringComparison.Ordinal
        );
    }

    private static string Message(Action action) => Assert.Throws<ArgumentOutOfRangeException>(action).Message;

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
