using System.Numerics;
using System.Runtime.CompilerServices;
using MLNetExtensions.Augmentations.Mixing;

namespace MLNetExtensions.Augmentations;

/// <summary>Checks the settings of one operation and notes what is wrong, under the place that the operation has in its policy.</summary>
/// <param name="problems">Gets what is wrong.</param>
/// <param name="place">The option, and where in it the operation is: <c>Augmentation.Steps[1].</c></param>
/// <param name="operation">The operation's name.</param>
internal readonly struct SettingChecks(OptionProblems problems, string place, string operation)
{
    /// <summary>Checks a whole policy.</summary>
    public static void Check(Augmentation? augmentation, OptionProblems problems, string option) =>
        augmentation?.Check(new SettingChecks(problems, option + ".", augmentation.GetType().Name));

    /// <inheritdoc cref="Check(Augmentation?, OptionProblems, string)"/>
    public static void Check(BatchMixing? mixing, OptionProblems problems, string option) =>
        mixing?.Check(new SettingChecks(problems, option + ".", mixing.GetType().Name));

    /// <summary>Checks an operation inside this one.</summary>
    /// <param name="inner">The operation.</param>
    /// <param name="member">Where it is: <c>Steps[1]</c>.</param>
    public void Inside(Augmentation inner, string member) => inner.Check(new SettingChecks(problems, $"{place}{member}.", inner.GetType().Name));

    public void InRange<T>(T value, T min, T max, [CallerArgumentExpression(nameof(value))] string name = "") where T : struct, INumber<T> =>
        problems.Check(value >= min && value <= max, Name(name), value, $"{min} to {max}");

    public void InRange<T>(T? value, T min, T max, [CallerArgumentExpression(nameof(value))] string name = "") where T : struct, INumber<T> =>
        InRange(value ?? min, min, max, name);

    public void AtLeast<T>(T value, T min, [CallerArgumentExpression(nameof(value))] string name = "") where T : struct, INumber<T> =>
        problems.Check(value >= min && T.IsFinite(value), Name(name), value, $"at least {min}");

    public void AtLeast<T>(T? value, T min, [CallerArgumentExpression(nameof(value))] string name = "") where T : struct, INumber<T> =>
        AtLeast(value ?? min, min, name);

    public void Positive(float value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        problems.Check(value > 0 && float.IsFinite(value), Name(name), value, "a positive number");

    /// <summary>Checks the ends of a range that is drawn from.</summary>
    public void Ordered<T>(
        T min, T max, [CallerArgumentExpression(nameof(min))] string minName = "", [CallerArgumentExpression(nameof(max))] string maxName = "") where T : struct, INumber<T> =>
        problems.Check(!(min > max), Name(minName), min, $"at most {maxName}, {max}");

    private string Name(string setting) => $"{place}{operation}.{setting}";
}
