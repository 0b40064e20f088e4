using Microsoft.ML.SearchSpace;
using MLNetExtensions.Search;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training.Optimizers;
using Xunit;

namespace MLNetExtensions.Tests.Search;

public class SearchSpaceTests
{
    [Fact]
    public void A_space_sets_its_options_and_leaves_the_others()
    {
        var defaults = new TrainNetworkOptions { ImageColumnName = "Photo", Epochs = 9 };
        SearchSpace<TrainNetworkOptions> space = new SearchSpace<TrainNetworkOptions>(defaults)
            .Range(o => o.LearningRate, 1e-4f, 1e-1f, logBase: true)
            .Choice(o => o.BatchSize, 16, 32)
            .Boolean(o => o.UseWeightedSampling)
            .Choice<Optimizer>(o => o.Optimizer, new AdamW(), new Sgd());
        defaults.ImageColumnName = "changed after";

        TrainNetworkOptions options = space.CreateOptions([Math.Log(1e-2), 1, 1, 0]);

        Assert.Equal(["LearningRate", "BatchSize", "UseWeightedSampling", "Optimizer"], space.Names);
        Assert.Equal(1e-2f, options.LearningRate, 1e-8f);
        Assert.Equal((32, true, "Photo", 9), (options.BatchSize, options.UseWeightedSampling, options.ImageColumnName, options.Epochs));
        Assert.IsType<AdamW>(options.Optimizer);
        Assert.Equal(1e-3f, space.CreateDefaults().LearningRate);
    }

    [Fact]
    public void A_nullable_option_and_one_of_nested_options_are_set()
    {
        SearchSpace<Outer> space = new SearchSpace<Outer>(
            new Outer
            {
                Inner = new Inner { Depth = 7, Name = "kept" },
            }
        ).Range(o => o.Rate, 0.1f, 0.2f).Range(o => o.Inner!.Depth, 1, 3);

        Outer first = space.CreateOptions([0.15, 1]),
            second = space.CreateOptions([0.15, 3]);

        Assert.Equal(0.15f, first.Rate);
        Assert.Equal((1, 3), (first.Inner!.Depth, second.Inner!.Depth));
        Assert.Equal("kept", second.Inner.Name);
        Assert.Equal(["Rate", "Inner.Depth"], space.Names);
    }

    [Fact]
    public void Both_ends_of_whole_numbers_are_drawn_as_often_as_the_rest()
    {
        SearchSpace<Inner> space = new SearchSpace<Inner>().Range(o => o.Depth, 1, 4);
        var dimension = space.Dimensions[0];
        var random = new Random(1);
        int[] counts = new int[5];
        for (int i = 0; i < 4000; i++)
            counts[(int)dimension.ValueOf(dimension.Low + ((dimension.High - dimension.Low) * random.NextDouble()))!]++;
        Assert.All(counts[1..], count => Assert.InRange(count, 880, 1120));
    }

    [Fact]
    public void A_logarithmic_range_is_even_in_the_logarithm()
    {
        SearchSpace<FineTuneOptions> space = new SearchSpace<FineTuneOptions>().Range(o => o.LearningRate, 1e-5f, 1e-2f, logBase: true);
        var random = new Random(3);
        double[] drawn =
        [
            .. Enumerable
                .Range(0, 2000)
                .Select(_ =>
                    space.CreateOptions([.. new MLNetExtensions.Search.Samplers.RandomSampler().Draw(space.Dimensions, [], random)])
                )
                .Select(options => (Math.Log10(options.LearningRate!.Value) + 5) / 3)
                .Order(),
        ];
        // Kolmogorov-Smirnov at a level of 1 %.
        double distance = drawn.Select((x, i) => Math.Max(Math.Abs(x - (i / 2000.0)), Math.Abs(x - ((i + 1) / 2000.0)))).Max();
        Assert.True(distance < 1.63 / Math.Sqrt(2000), $"distance {distance}");
        Assert.All(drawn, x => Assert.InRange(x, 0, 1 + 1e-6));
    }

    [Fact]
    public void A_parameter_is_replaced_or_taken_out()
    {
        SearchSpace<Inner> space = new SearchSpace<Inner>().Range(o => o.Depth, 1, 4).Range(o => o.Depth, 10, 20);
        Assert.Equal(10, space.CreateOptions([9.6]).Depth);
        Assert.Equal(0, space.Without(o => o.Depth).Count);
        Assert.Contains(
            "Name is not in the space, which has Depth",
            Assert.Throws<ArgumentException>(() => space.Without(o => o.Name)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Attributes_make_a_space()
    {
        SearchSpace<Attributed> space = MLNetExtensions.Search.SearchSpace.FromAttributes<Attributed>();
        Assert.Equal(["Count", "Flag", "Kind", "Nested.Rate", "Rate"], space.Names);
        Attributed options = space.CreateOptions([8, 1, 1, Math.Log(0.01), 0.25]);
        Assert.Equal(
            (8, true, "b", 0.01, 0.25f),
            (options.Count, options.Flag, options.Kind, Math.Round(options.Nested.Rate, 9), options.Rate)
        );
    }

    [Theory]
    [InlineData(typeof(Plain), "No property of Plain has an attribute")]
    [InlineData(typeof(WrongLiteral), "Rate is Double, and its RangeAttribute gives a range of Int32")]
    [InlineData(typeof(WrongChoice), "Rate is Single, and its ChoiceAttribute gives values of Int32")]
    [InlineData(typeof(Unsettable), "cannot be set")]
    [InlineData(typeof(NestedNull), "Inner is null in the defaults of the space")]
    [InlineData(typeof(Recursive), "nests Recursive in itself")]
    public void Attributes_that_do_not_fit_are_named(Type type, string message)
    {
        var create = (Action)
            GetType()
                .GetMethod(nameof(FromAttributes), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
                .MakeGenericMethod(type)
                .CreateDelegate(typeof(Action));
        Assert.Contains(message, Assert.Throws<ArgumentException>(create).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_and_contradictory_ranges_are_refused()
    {
        var space = new SearchSpace<Outer>();
        Expect("The range of Rate is 2 to 1", () => space.Range(o => o.Rate, 2f, 1f));
        Expect("which has only positive numbers", () => space.Range(o => o.Rate, 0f, 1f, logBase: true));
        Expect("both must be finite", () => space.Range(o => o.Rate, 0f, float.NaN));
        Expect("one value, a,", () => space.Choice(o => o.Name, "a"));
        Expect("the value a twice", () => space.Choice(o => o.Name, "a", "a"));
        Expect("is no property of the options", () => space.Choice(o => o.Name + "x", "a", "b"));
        Expect("Inner is null in the defaults", () => space.Range(o => o.Inner!.Depth, 1, 2));

        static void Expect(string message, Func<object> act) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(act).Message, StringComparison.Ordinal);
    }

    private static void FromAttributes<T>()
        where T : class, new() => MLNetExtensions.Search.SearchSpace.FromAttributes<T>();

    private sealed class Outer
    {
        public float? Rate { get; set; }
        public string Name { get; set; } = "";
        public Inner? Inner { get; set; }
    }

    private sealed class Inner
    {
        public int Depth { get; set; }
        public string Name { get; set; } = "";
    }

    private sealed class Attributed
    {
        [Range(2, 16, logBase: false)]
        public int Count { get; set; }

        [Range(0f, 0.5f)]
        public float Rate { get; set; }

        [Choice("a", "b")]
        public string Kind { get; set; } = "";

        [BooleanChoice]
        public bool Flag { get; set; }

        [NestOption]
        public NestedOptions Nested { get; set; } = new();
    }

    private sealed class NestedOptions
    {
        [Range(1e-4, 1e-1, logBase: true)]
        public double Rate { get; set; }
    }

    private sealed class Plain
    {
        public int Count { get; set; }
    }

    private sealed class WrongLiteral
    {
        [Range(-10, 10)]
        public double Rate { get; set; }
    }

    private sealed class WrongChoice
    {
        [Choice(1, 2)]
        public float Rate { get; set; }
    }

    private sealed class Unsettable
    {
        [Range(1, 2)]
        public int Count { get; }
    }

    private sealed class NestedNull
    {
        [NestOption]
        public NestedOptions? Inner { get; set; }
    }

    private sealed class Recursive
    {
        [NestOption]
        public Recursive? Inner { get; set; }
    }
}
