using System.Reflection;
using MLNetExtensions.Imaging.Augmentations.BatchAugmentations;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.Runs;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training.Checkpoints;
using Xunit;

namespace MLNetExtensions.Tests.Trainers.Runs;

/// <summary>Every option of a trainer is either compared with a checkpoint or said to be free, with the reason.</summary>
public class TrainerSettingsTests
{
    public static TheoryData<Type> OptionTypes =>
        [.. typeof(ImageTrainerOptions).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(ImageTrainerOptions)))];

    [Fact]
    public void Both_trainers_are_looked_at()
    {
        Type[] types = [.. OptionTypes.Select(row => row.Data)];
        Assert.Contains(typeof(FineTuneOptions), types);
        Assert.Contains(typeof(TrainNetworkOptions), types);
    }

    [Theory]
    [MemberData(nameof(OptionTypes))]
    public void Every_option_is_marked_once(Type options) =>
        Assert.Empty(
            Options(options)
                .Where(o => o.IsDefined(typeof(CheckpointSettingAttribute)) == o.IsDefined(typeof(NotInCheckpointAttribute)))
                .Select(o => o.Name)
        );

    [Theory]
    [MemberData(nameof(OptionTypes))]
    public void What_is_not_compared_has_a_reason(Type options) =>
        Assert.Empty(
            Options(options)
                .Where(o => o.GetCustomAttribute<NotInCheckpointAttribute>() is { } free && string.IsNullOrWhiteSpace(free.Reason))
                .Select(o => o.Name)
        );

    [Theory]
    [MemberData(nameof(OptionTypes))]
    public void All_marked_options_are_compared(Type options)
    {
        Dictionary<string, object?> used = UsedBy(options);
        IReadOnlyDictionary<string, string> settings = TrainerSettings.Of((ImageTrainerOptions)Activator.CreateInstance(options)!, used);
        Assert.Equal(
            Options(options)
                .Where(o => o.GetCustomAttribute<CheckpointSettingAttribute>() is { OmitsDefault: false })
                .Select(o => o.Name)
                .Append("Labels")
                .Order(),
            settings.Keys.Order()
        );
        Assert.Equal("7", settings["Labels"]);
        Assert.All(used.Keys, name => Assert.Equal("7", settings[name]));
    }

    [Fact]
    public void Another_value_is_another_text()
    {
        Dictionary<string, object?> used = UsedBy(typeof(FineTuneOptions));
        IReadOnlyDictionary<string, string> before = TrainerSettings.Of(new FineTuneOptions(), used);
        IReadOnlyDictionary<string, string> after = TrainerSettings.Of(
            new FineTuneOptions
            {
                HeadDropout = 0.25f,
                BatchAugmentation = new Mixup(),
                Threads = 3,
                Epochs = 9,
            },
            used
        );
        Assert.Equal(["BatchAugmentation", "HeadDropout"], before.Keys.Where(name => before[name] != after[name]).Order());
        Assert.Equal(("0.2", "0.25"), (before["HeadDropout"], after["HeadDropout"]));
    }

    [Fact]
    public void Options_that_earlier_versions_lacked_count_where_they_are_set()
    {
        Dictionary<string, object?> used = UsedBy(typeof(FineTuneOptions));
        IReadOnlyDictionary<string, string> before = TrainerSettings.Of(new FineTuneOptions(), used),
            after = TrainerSettings.Of(new FineTuneOptions { LayerRates = new LayerDecay(0.5f), WarmStart = true }, used);
        Assert.Equal(["LayerRates", "WarmStart"], after.Keys.Except(before.Keys).Order());
        Assert.Contains("0.5", after["LayerRates"], StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_that_the_run_must_tell_is_asked_for_by_name()
    {
        Dictionary<string, object?> used = UsedBy(typeof(TrainNetworkOptions));
        used.Remove("Seed");
        Assert.Contains(
            "the option Seed",
            Assert.Throws<InvalidOperationException>(() => TrainerSettings.Of(new TrainNetworkOptions(), used)).Message
        );
        used["Seed"] = 1;
        used["BatchSize"] = 1;
        Assert.Contains(
            "the option BatchSize",
            Assert.Throws<InvalidOperationException>(() => TrainerSettings.Of(new TrainNetworkOptions(), used)).Message
        );
    }

    private static IEnumerable<PropertyInfo> Options(Type type) => type.GetProperties().Where(p => p.SetMethod is { IsPublic: true });

    private static Dictionary<string, object?> UsedBy(Type type) =>
        Options(type)
            .Where(o => o.GetCustomAttribute<CheckpointSettingAttribute>()?.AsUsed == true)
            .Select(o => o.Name)
            .Append("Labels")
            .ToDictionary(name => name, _ => (object?)7);
}
