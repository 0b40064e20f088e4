using Microsoft.Win32.SafeHandles;
using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Training.Checkpoints;

namespace MLNetExtensions.Search.Journals;

/// <summary>
/// The file that a sweep goes on from after a kill. Each line is on the disk before the sweep goes on; the file is this sweep's alone
/// while it is open, and free again when its process ends, however it ends.
/// </summary>
internal sealed class SweepJournal : IDisposable
{
    private readonly SafeFileHandle _file;
    private long _length;

    private SweepJournal(SafeFileHandle file) => _file = file;

    /// <summary>The lines that were there when it was opened, without the first.</summary>
    public IReadOnlyList<JournalEvent> Events { get; private set; } = [];

    /// <summary>The settings in its first line.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; private set; } = new Dictionary<string, string>();

    /// <summary>Opens a journal, or begins one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">The settings of this sweep, which a journal must have.</param>
    /// <param name="drawn">The names of settings that were drawn, where those of the journal hold.</param>
    /// <param name="dimensions">The number of coordinates of a point.</param>
    /// <param name="warn">Told of what was dropped.</param>
    /// <exception cref="IOException">Another sweep has it open, or it cannot be made.</exception>
    /// <exception cref="InvalidDataException">It is of a sweep with other settings, or a line in it is damaged.</exception>
    public static SweepJournal Open(
        string path,
        IReadOnlyDictionary<string, string> settings,
        IReadOnlyCollection<string> drawn,
        int dimensions,
        Action<string> warn
    )
    {
        path = Path.GetFullPath(path);
        SafeFileHandle file;
        try
        {
            file = OwnerOnly.OpenOrCreate(path);
        }
        catch (IOException e) when (FileInUse.Is(e))
        {
            throw new IOException($"The journal '{path}' is in use by a sweep that has not ended. Give each sweep a folder of its own.", e);
        }
        var journal = new SweepJournal(file);
        try
        {
            journal.Read(path, settings, drawn, dimensions, warn);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Adds a line, and waits until it is on the disk.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Append(JournalEvent entry) => Append(JournalLine.Of(entry));

    public void Dispose() => _file.Dispose();

    private void Append(byte[] line)
    {
        RandomAccess.Write(_file, line, _length);
        RandomAccess.FlushToDisk(_file);
        _length += line.Length;
    }

    private void Read(
        string path,
        IReadOnlyDictionary<string, string> settings,
        IReadOnlyCollection<string> drawn,
        int dimensions,
        Action<string> warn
    )
    {
        byte[] bytes = new byte[RandomAccess.GetLength(_file)];
        for (int read = 0; read < bytes.Length; )
            read += RandomAccess.Read(_file, bytes.AsSpan(read), read) is > 0 and var count ? count : throw new EndOfStreamException();
        List<ReadOnlyMemory<byte>> lines = [];
        int start = 0;
        for (int end; (end = bytes.AsSpan(start).IndexOf((byte)'\n')) >= 0; start += end + 1)
            lines.Add(bytes.AsMemory(start, end));
        if (start < bytes.Length)
        {
            warn(
                $"The journal '{path}' ends in half a line, line {lines.Count + 1}: the sweep that wrote it was broken off. The half line is "
                    + "dropped, and what it told is done again."
            );
            RandomAccess.SetLength(_file, start);
        }
        _length = start;
        if (lines.Count == 0)
        {
            Append(JournalLine.OfSettings(settings));
            Settings = settings;
            return;
        }
        Dictionary<string, string> was = At(path, 1, () => JournalLine.ReadSettings(lines[0]));
        CheckSettings(path, Without(was), Without(settings));
        Settings = was;
        Events = [.. lines.Skip(1).Select((line, i) => At(path, i + 2, () => JournalLine.ReadEvent(line, dimensions)))];
        CheckOrder(path);

        Dictionary<string, string> Without(IReadOnlyDictionary<string, string> all) =>
            all.Where(setting => !drawn.Contains(setting.Key)).ToDictionary();
    }

    private static void CheckSettings(string path, IReadOnlyDictionary<string, string> was, IReadOnlyDictionary<string, string> now)
    {
        IReadOnlyList<string> differences = TrainingCheckpoint.Differences(was, now);
        if (differences.Count > 0)
            throw new InvalidDataException(
                $"The journal '{path}' is of a sweep with other settings: {string.Join("; ", differences)}. Use those of that sweep, or "
                    + "another folder."
            );
    }

    /// <summary>Trials are numbered in the order in which they began, and a result follows a beginning.</summary>
    private void CheckOrder(string path)
    {
        int trials = 0;
        HashSet<(int Trial, int Rung)> open = [];
        for (int i = 0; i < Events.Count; i++)
        {
            JournalEvent entry = Events[i];
            bool isWell =
                entry is JournalEvent.Began
                    ? entry.Rung == 0
                        ? entry.Trial == trials++ && open.Add((entry.Trial, 0))
                        : entry.Trial < trials && open.Add((entry.Trial, entry.Rung))
                    : open.Contains((entry.Trial, entry.Rung));
            if (!isWell)
                throw new InvalidDataException(
                    $"Line {i + 2} of the journal '{path}' does not follow from those before it: trial {entry.Trial} at rung {entry.Rung}. "
                        + "Lines were taken out or moved. Restore them, or use another folder."
                );
        }
    }

    private static T At<T>(string path, int line, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException e)
        {
            throw new InvalidDataException(
                $"Line {line} of the journal '{path}' is damaged: {e.Message}. Only the last line of a sweep that was broken off may be. "
                    + "Restore the file, or use another folder.",
                e
            );
        }
    }
}
