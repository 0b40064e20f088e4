using System.Buffers.Binary;
using System.CodeDom.Compiler;
using System.Reflection;
using System.Reflection.Emit;
using System.Text;
using Xunit;

namespace MLNetExtensions.TestData;

/// <summary>
/// The library's own code never asks for the current culture. Analyzers find most calls that would (.editorconfig); what they do not see,
/// such as <c>"text" + number</c>, Append(number), Join(numbers) and sorting by texts, is found here, in the compiled code.
/// </summary>
public class CultureRules
{
    private const string Handler = "System.Runtime.CompilerServices.DefaultInterpolatedStringHandler";
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    private static readonly Dictionary<short, OpCode> OpCodeOf = typeof(OpCodes)
        .GetFields()
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(o => o.Value);

    public static TheoryData<string> Libraries =>
        [
            .. Directory
                .EnumerateFiles(AppContext.BaseDirectory, "MLNetExtensions*.dll")
                .Select(path => Path.GetFileNameWithoutExtension(path))
                .Where(name => !name.EndsWith(".Tests", StringComparison.Ordinal)),
        ];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void No_call_depends_on_the_current_culture(string library)
    {
        // What System.Text.Json generates formats the messages of its errors.
        string[] found =
        [
            .. Assembly
                .Load(library)
                .GetTypes()
                .Where(type => type.GetCustomAttribute<GeneratedCodeAttribute>()?.Tool != "System.Text.Json.SourceGeneration")
                .SelectMany(type => type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)))
                .SelectMany(method =>
                    Calls(method)
                        .Where(DependsOnCulture)
                        .Select(call => $"{method.DeclaringType}.{method.Name}: {call.DeclaringType?.Name}.{call}")
                )
                .Distinct(),
        ];

        Assert.True(found.Length == 0, string.Join(Environment.NewLine, found));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Interpolated_texts_are_invariant(string library) => Assert.NotNull(Assembly.Load(library).GetType(Handler));

    [Fact]
    public void The_rule_sees_what_it_is_for()
    {
        MethodBase own = typeof(CultureRules).GetMethod(nameof(Dependent), BindingFlags.NonPublic | BindingFlags.Static)!;

        Assert.Equal(["ToString", "Append", "Join", "OrderBy", "Compare"], Calls(own).Where(DependsOnCulture).Select(m => m.Name));
    }

    private static object[] Dependent(double number, string[] names) =>
        [
            "text" + number,
            new StringBuilder().Append(number),
            string.Join(',', new[] { number }),
            names.OrderBy(n => n),
            string.Compare(names[0], names[1]),
        ];

    private static bool DependsOnCulture(MethodBase call)
    {
        Type[] parameters = [.. call.GetParameters().Select(p => p.ParameterType)];
        Type? type = call.DeclaringType;
        if (
            parameters.Any(p =>
                p == typeof(IFormatProvider) || p == typeof(StringComparison) || p == typeof(System.Globalization.CultureInfo)
            )
        )
            return false;
        return call.Name switch
        {
            "ToString" => parameters.All(p => p == typeof(string)) && IsFormatted(type!),
            "Format" or "Compare" => type == typeof(string),
            "CompareTo" => type == typeof(string),
            "ToUpper" or "ToLower" or "StartsWith" or "EndsWith" => type == typeof(string) && !parameters.Contains(typeof(char)),
            "Append" => type == typeof(StringBuilder) && IsFormatted(parameters[0]),
            "Insert" => type == typeof(StringBuilder) && IsFormatted(parameters[1]),
            "AppendFormat" => type == typeof(StringBuilder),
            "Join" or "AppendJoin" or "Concat" => call.IsGenericMethod
                && (type == typeof(string) || type == typeof(StringBuilder))
                && call.GetGenericArguments().Any(IsFraction),
            "OrderBy" or "OrderByDescending" or "ThenBy" or "ThenByDescending" or "Order" or "OrderDescending" or "MinBy" or "MaxBy" => type
                == typeof(Enumerable)
                && call.IsGenericMethod
                && !parameters.Any(IsComparer)
                && HasText(call.GetGenericArguments()[^1]),
            "Min" or "Max" => type == typeof(Enumerable) && !parameters.Any(IsComparer) && HasText(((MethodInfo)call).ReturnType),
            "Sort" => (type == typeof(Array) || Is(type, typeof(List<>)))
                && !parameters.Any(IsComparer)
                && (type!.IsGenericType ? HasText(type) : !call.IsGenericMethod || HasText(call.GetGenericArguments()[0])),
            "get_Default" => Is(type, typeof(Comparer<>)) && HasText(type!.GetGenericArguments()[0]),
            ".ctor" when type == typeof(StringBuilder.AppendInterpolatedStringHandler) => true,
            ".ctor" when type == typeof(object).Assembly.GetType(Handler) => true,
            ".ctor" => (Is(type, typeof(SortedDictionary<,>)) || Is(type, typeof(SortedSet<>)) || Is(type, typeof(SortedList<,>)))
                && !parameters.Any(IsComparer)
                && HasText(type!.GetGenericArguments()[0]),
            _ => false,
        };
    }

    // Texts of whole numbers in messages depend on a culture by their minus sign.
    private static bool IsFormatted(Type type) =>
        IsFraction(type) || type == typeof(int) || type == typeof(long) || type == typeof(short) || type == typeof(sbyte);

    private static bool IsFraction(Type type) =>
        type == typeof(float)
        || type == typeof(double)
        || type == typeof(decimal)
        || type == typeof(Half)
        || type == typeof(DateTime)
        || type == typeof(DateTimeOffset);

    private static bool IsComparer(Type type) => Is(type, typeof(IComparer<>)) || Is(type, typeof(Comparison<>));

    private static bool HasText(Type type) => type == typeof(string) || (type.IsGenericType && type.GetGenericArguments().Any(HasText));

    private static bool Is(Type? type, Type definition) => type is { IsGenericType: true } && type.GetGenericTypeDefinition() == definition;

    /// <summary>The methods that a method's code calls, with the type of a value whose method is called in place of object's.</summary>
    private static IEnumerable<MethodBase> Calls(MethodBase method)
    {
        // Records print themselves by code of the compiler's.
        if (method.Name == "PrintMembers" || method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            yield break;
        Type[]? ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        Type? constrained = null;
        for (int at = 0; at < code.Length; )
        {
            short value = code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at];
            at += code[at] == 0xFE ? 2 : 1;
            OpCode op = OpCodeOf[value];
            if (op == OpCodes.Constrained)
            {
                constrained = method.Module.ResolveType(Token(code, at), ofType, ofMethod);
            }
            else if (op.OperandType == OperandType.InlineMethod)
            {
                MethodBase call = method.Module.ResolveMethod(Token(code, at), ofType, ofMethod)!;
                yield return constrained?.GetMethod(call.Name, [.. call.GetParameters().Select(p => p.ParameterType)]) ?? call;
                constrained = null;
            }
            at += op.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * Token(code, at)),
                _ => 4,
            };
        }
    }

    private static int Token(byte[] code, int at) => BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at));
}
