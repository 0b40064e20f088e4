using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML.SearchSpace;
using MLNetExtensions.Search;
using MLNetExtensions.Search.Spaces;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainDetector;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Trainers.TrainSegmenter;
using Xunit;

namespace MLNetExtensions.Tests.Search;

/// <summary>The attributes on the trainers' options, which this library and Microsoft.ML.AutoML read.</summary>
public class TrainerSpaceTests
{
    public static TheoryData<Type> Trainers =>
        [typeof(FineTuneOptions), typeof(TrainNetworkOptions), typeof(TrainDetectorOptions), typeof(TrainSegmenterOptions)];

    [Theory]
    [MemberData(nameof(Trainers))]
    public void Attributes_are_of_their_propertys_type_and_hold_the_default(Type type)
    {
        object defaults = Activator.CreateInstance(type)!;
        Dimension[] dimensions = [.. SpaceAttributes.Read(type)];

        Assert.Contains(dimensions, dimension => dimension.Name == "LearningRate");
        Assert.Contains(dimensions, dimension => dimension.Name == "BatchSize");
        foreach (PropertyInfo property in type.GetProperties())
        {
            IComparable? value = property.GetValue(defaults) as IComparable;
            if (property.GetCustomAttribute<RangeAttribute>() is { } range && value is not null)
            {
                Assert.True(value.CompareTo(range.Min) >= 0 && value.CompareTo(range.Max) <= 0, $"{type.Name}.{property.Name} {value}");
                // What AutoML begins with is what the trainer does by default.
                if (range.Init is not null)
                    Assert.Equal(value, range.Init);
            }
            if (property.GetCustomAttribute<ChoiceAttribute>() is { } choice)
                Assert.Contains(value, choice.Candidates);
        }
    }

    [Fact]
    public void Values_go_through_JSON_as_AutoML_sends_them()
    {
        string json =
            """{"LearningRate": 0.003, "BatchSize": 32, "LabelSmoothing": 0.05, "HeadDropout": 0.4, "HeadL2Regularization": 12.5}""";
        var settings = new JsonSerializerOptions { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        FineTuneOptions options = JsonSerializer.Deserialize<FineTuneOptions>(json, settings)!;
        Assert.Equal(
            (0.003f, 32, 0.05f, 0.4f, 12.5f),
            (options.LearningRate, options.BatchSize, options.LabelSmoothing, options.HeadDropout, options.HeadL2Regularization)
        );
        Assert.Equal(FineTuneLayers.Head, options.TrainableLayers);
    }

    [Theory]
    [MemberData(nameof(Trainers))]
    public void The_whole_space_makes_valid_options(Type type)
    {
        MethodInfo check = GetType().GetMethod(nameof(CheckSpace), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type);
        check.Invoke(null, null);
    }

    [Fact]
    public void Epochs_are_those_that_halving_gives_out()
    {
        Assert.Equal(60, new FineTuneOptions().EpochsToTrain);
        Assert.Equal(15, new FineTuneOptions { TrainableLayers = FineTuneLayers.All }.EpochsToTrain);
        Assert.Equal(7, new FineTuneOptions { Epochs = 7 }.EpochsToTrain);
        foreach (object[] trainer in Trainers.Select(row => new object[] { row.Data }))
        {
            var options = (TrainerOptions)Activator.CreateInstance((Type)trainer[0])!;
            options.EpochsToTrain = 5;
            Assert.Equal(5, options.EpochsToTrain);
            Assert.Equal(5, options.GetType().GetProperty("Epochs")!.GetValue(options));
        }
    }

    private static void CheckSpace<T>()
        where T : class, new()
    {
        SearchSpace<T> space = MLNetExtensions.Search.SearchSpace.FromAttributes<T>();
        foreach (bool low in new[] { true, false })
        {
            T options = space.CreateOptions([.. space.Dimensions.Select(d => d.Snap(low ? d.Low : d.High))]);
            foreach (Dimension dimension in space.Dimensions)
            {
                PropertyInfo property = typeof(T).GetProperty(dimension.Name)!;
                object value = property.GetValue(options)!;
                if (property.GetCustomAttribute<RangeAttribute>() is { } range)
                    Assert.Equal(low ? range.Min : range.Max, value);
            }
        }
    }
}
