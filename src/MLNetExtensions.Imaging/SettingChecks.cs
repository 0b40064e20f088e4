using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNetExtensions.Imaging;

/// <summary>
/// Checks the settings inside an option (an operation, a schedule, an optimizer) and records problems, with the setting's place in the
/// options.
/// </summary>
/// <param name="problems">Receives the problems.</param>
/// <param name="place">The option, and where in it the operation is: <c>Augmentation.Steps[1].</c></param>
/// <param name="operation">The operation's name.</param>
internal readonly struct SettingChecks(OptionProblems problems, string place, string operation)
{
    /// <summary>The checks of an option's value.</summary>
    public static SettingChecks Of(OptionProblems problems, string option, object value) =>
        new(problems, option + ".", value.GetType().Name);

    /// <summary>The checks of something inside this one.</summary>
    /// <param name="inner">The nested object.</param>
    /// <param name="member">Its location: <c>Then</c>.</param>
    public SettingChecks Inside(object inner, string member) => new(problems, $"{place}{member}.", inner.GetType().Name);

    public void Required(object? value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        problems.Check(value is not null, Name(name), value, "given");

    /// <summary>Checks a number of 0 to 1, 1 not included.</summary>
    public void BelowOne(float value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        problems.Check(value is >= 0 and < 1, Name(name), value, "at least 0 and less than 1");

    /// <summary>Checks that all of some numbers are finite and none is negative; null is well.</summary>
    public void NoneNegative(IEnumerable<float>? values, [CallerArgumentExpression(nameof(values))] string name = "")
    {
        foreach (float value in values ?? [])
            problems.Check(value >= 0 && float.IsFinite(value), Name(name), value, "numbers of at least 0");
    }

    public void InRange<T>(T value, T min, T max, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, INumber<T> => problems.Check(value >= min && value <= max, Name(name), value, $"{min} to {max}");

    public void InRange<T>(T? value, T min, T max, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, INumber<T> => InRange(value ?? min, min, max, name);

    public void AtLeast<T>(T value, T min, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, INumber<T> => problems.Check(value >= min && T.IsFinite(value), Name(name), value, $"at least {min}");

    public void AtLeast<T>(T? value, T min, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : struct, INumber<T> => AtLeast(value ?? min, min, name);

    public void Positive(float value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        problems.Check(value > 0 && float.IsFinite(value), Name(name), value, "a positive number");

    /// <summary>Checks the ends of a range that is drawn from.</summary>
    public void Ordered<T>(
        T min,
        T max,
        [CallerArgumentExpression(nameof(min))] string minName = "",
        [CallerArgumentExpression(nameof(max))] string maxName = ""
    )
        where T : struct, INumber<T> => problems.Check(!(min > max), Name(minName), min, $"at most {maxName}, {max}");

    private string Name(string setting) => $"{place}{operation}.{setting}";
}
