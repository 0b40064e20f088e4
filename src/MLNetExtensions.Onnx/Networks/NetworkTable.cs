using System.Globalization;
using System.Text;

namespace MLNetExtensions.Onnx.Networks;

/// <summary>Writes a summary as a table.</summary>
internal static class NetworkTable
{
    public static string Format(NetworkSummary summary)
    {
        List<string[]> rows =
        [
            .. summary.Layers.Select(l =>
                (string[])
                    [
                        $"{l.Name} ({l.OpType})",
                        $"(batch{string.Concat(l.OutputShape.Select(size => $", {size}"))})",
                        Number(l.Parameters + l.NonTrainableParameters),
                        l.Macs == 0 ? "-" : Number(l.Macs),
                    ]
            ),
        ];
        rows.Insert(0, ["Layer (operator)", "Output shape", "Parameters", "MACs"]);
        int[] widths = [.. Enumerable.Range(0, 4).Select(column => rows.Max(r => r[column].Length))];
        string line = new('-', widths.Sum() + 6);

        var text = new StringBuilder();
        text.Append("Network: ").AppendLine(summary.Name).AppendLine(line);
        for (int i = 0; i < rows.Count; i++)
        {
            string[] row = rows[i];
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{row[0].PadRight(widths[0])}  {row[1].PadRight(widths[1])}  {row[2].PadLeft(widths[2])}  {row[3].PadLeft(widths[3])}"
            );
            if (i == 0)
                text.AppendLine(line);
        }
        text.AppendLine(line);
        text.AppendLine(CultureInfo.InvariantCulture, $"Trainable parameters: {Number(summary.Parameters)} ({Size(summary.Parameters)})");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"Non-trainable parameters: {Number(summary.NonTrainableParameters)} ({Size(summary.NonTrainableParameters)})"
        );
        text.Append(CultureInfo.InvariantCulture, $"MACs for one row: {Number(summary.Macs)}");
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>The memory of a number of 32-bit floats.</summary>
    private static string Size(long values)
    {
        double bytes = values * 4.0;
        return bytes < 1 << 20 ? $"{bytes / 1024:F2} KB" : $"{bytes / 1048576:F2} MB";
    }
}
