using Microsoft.ML;

namespace MLNetExtensions.Data.Schema;

/// <summary>The error of a column that is not there: in ML.NET's words, and then the columns that are.</summary>
internal static class MissingColumn
{
    /// <param name="role">The role of the column: <c>input</c>, <c>label</c>; empty for just a column.</param>
    /// <param name="name">Its name.</param>
    /// <param name="schema">The schema that lacks it.</param>
    /// <param name="next">The remedy, as a sentence; empty if it is clear.</param>
    /// <param name="parameter">The parameter to name.</param>
    public static ArgumentOutOfRangeException In(
        DataViewSchema schema,
        string role,
        string name,
        string next = "",
        string parameter = "schema"
    ) => Among(schema.Where(c => !c.IsHidden).Select(c => c.Name), role, name, next, parameter);

    /// <inheritdoc cref="In(DataViewSchema, string, string, string, string)"/>
    public static ArgumentOutOfRangeException In(
        SchemaShape schema,
        string role,
        string name,
        string next = "",
        string parameter = "schema"
    ) => Among(schema.Select(c => c.Name), role, name, next, parameter);

    /// <inheritdoc cref="In(DataViewSchema, string, string, string, string)"/>
    public static ArgumentOutOfRangeException Among(
        IEnumerable<string> columns,
        string role,
        string name,
        string next = "",
        string parameter = "schema"
    )
    {
        string[] names = [.. columns];
        string alike = names.FirstOrDefault(n => n.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } other
            ? $" Did you mean '{other}'? Upper and lower case differ."
            : "";
        string there = names.Length == 0 ? "there are no columns" : $"the columns are {string.Join(", ", names.Select(n => $"'{n}'"))}";
        return new ArgumentOutOfRangeException(
            parameter,
            $"Could not find {(role.Length > 0 ? role + " " : "")}column '{name}'; {there}.{alike}{(next.Length > 0 ? " " + next : "")}"
        );
    }
}
