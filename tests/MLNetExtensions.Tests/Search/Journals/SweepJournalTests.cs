using System.Text;
using MLNetExtensions.Search.Journals;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Search.Journals;

public sealed class SweepJournalTests : IDisposable
{
    private static readonly Dictionary<string, string> Settings = new() { ["Metric"] = "MicroAccuracy", ["Seed"] = "1" };

    private static readonly JournalEvent[] Lines =
    [
        new JournalEvent.Began(0, 0, [0.1 + 0.2, -4.605170185988091], [KeyValuePair.Create("LearningRate", "0.01")]),
        new JournalEvent.Reached(0, 0, 1.0 / 3, 9, 12.3456789),
        new JournalEvent.Began(1, 0, [5e-324, 1.7976931348623157e308], []),
        new JournalEvent.Failed(1, 0, "line one\nline \"two\"", 0.5),
        new JournalEvent.Began(0, 1, null, []),
        new JournalEvent.Retried(0, 1),
        new JournalEvent.BrokenOff(0, 1),
        new JournalEvent.Reached(0, 1, 0.5, null, 3),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    private string File => Path.Combine(_folder.Path, "journal.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_bit_for_bit()
    {
        Write();
        using SweepJournal journal = Open();
        Assert.Equal(Lines.Length, journal.Events.Count);
        for (int i = 0; i < Lines.Length; i++)
            if (Lines[i] is JournalEvent.Began { Point: { } point })
                Assert.Equal(
                    point.Select(BitConverter.DoubleToInt64Bits),
                    Assert.IsType<JournalEvent.Began>(journal.Events[i]).Point!.Select(BitConverter.DoubleToInt64Bits)
                );
            else if (Lines[i] is not JournalEvent.Began)
                Assert.Equal(Lines[i], journal.Events[i]);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Every_line_is_an_object()
    {
        Write();
        Assert.All(System.IO.File.ReadAllLines(File), line => Assert.StartsWith("{", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Half_a_line_at_the_end_is_dropped_and_said()
    {
        Write();
        byte[] whole = System.IO.File.ReadAllBytes(File);
        int last = whole.AsSpan(0, whole.Length - 1).LastIndexOf((byte)'\n') + 1;
        for (int cut = last + 1; cut < whole.Length; cut += 7)
        {
            System.IO.File.WriteAllBytes(File, whole[..cut]);
            _warnings.Clear();
            using (SweepJournal journal = Open())
            {
                Assert.Equal(Lines.Length - 1, journal.Events.Count);
                Assert.Contains($"half a line, line {Lines.Length + 1}", Assert.Single(_warnings), StringComparison.Ordinal);
                journal.Append(Lines[^1]);
            }
            Assert.Equal(whole, System.IO.File.ReadAllBytes(File));
        }
    }

    [Theory]
    [InlineData(2, "{\"trial\":0,\"ru", "Line 3", "is no JSON")]
    [InlineData(0, "{}", "Line 1", "does not begin a journal")]
    [InlineData(0, "{\"format\":\"mlnetextensions-sweep\",\"version\":99,\"settings\":{}}", "Line 1", "version 99")]
    [InlineData(3, "{\"trial\":1,\"rung\":0,\"event\":\"began\",\"point\":[1]}", "Line 4", "has 1 numbers, and the space 2")]
    [InlineData(3, "{\"trial\":1,\"rung\":0,\"event\":\"left\"}", "Line 4", "\"left\"")]
    [InlineData(3, "{\"trial\":-1,\"rung\":0,\"event\":\"failed\"}", "Line 4", "\"trial\"")]
    [InlineData(3, "{\"trial\":5,\"rung\":0,\"event\":\"failed\",\"error\":\"x\",\"seconds\":1}", "Line 4", "does not follow")]
    [InlineData(3, "[1]", "Line 4", "no JSON object")]
    public void A_damaged_line_in_the_middle_is_refused_by_its_number(int line, string text, string place, string cause)
    {
        Write();
        string[] lines = System.IO.File.ReadAllLines(File);
        lines[line] = text;
        System.IO.File.WriteAllText(File, string.Join('\n', lines) + "\n");
        byte[] before = System.IO.File.ReadAllBytes(File);

        string message = Assert.Throws<InvalidDataException>(() => Open().Dispose()).Message;

        Assert.Contains(place, message, StringComparison.Ordinal);
        Assert.Contains(cause, message, StringComparison.Ordinal);
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void Another_sweeps_journal_is_refused_with_what_differs()
    {
        Write();
        var other = new Dictionary<string, string>(Settings) { ["Metric"] = "LogLoss" };
        string message = Assert.Throws<InvalidDataException>(() => SweepJournal.Open(File, other, [], 2, _warnings.Add)).Message;
        Assert.Contains("Metric was MicroAccuracy and is now LogLoss", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Seed", message, StringComparison.Ordinal);

        other = new Dictionary<string, string>(Settings) { ["Seed"] = "2" };
        using SweepJournal journal = SweepJournal.Open(File, other, ["Seed"], 2, _warnings.Add);
        Assert.Equal("1", journal.Settings["Seed"]);
    }

    [Fact]
    public void A_journal_has_one_sweep_at_a_time()
    {
        using (Open())
            Assert.Contains("is in use by a sweep", Assert.Throws<IOException>(() => Open()).Message, StringComparison.Ordinal);
        Open().Dispose();
    }

    [Fact]
    public void An_empty_file_and_one_without_a_whole_first_line_begin_anew()
    {
        System.IO.File.WriteAllBytes(File, Encoding.UTF8.GetBytes("{\"format\":"));
        using SweepJournal journal = Open();
        Assert.Empty(journal.Events);
        Assert.Single(_warnings);
    }

    private void Write()
    {
        using SweepJournal journal = Open();
        foreach (JournalEvent entry in Lines)
            journal.Append(entry);
    }

    private SweepJournal Open() => SweepJournal.Open(File, Settings, [], 2, _warnings.Add);
}
