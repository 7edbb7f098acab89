/** The check of an invitation, before anybody fills in a form with it. */

/** How long an answer may take; without one the form itself tells. */
const PATIENCE_MS = 10_000;

/** True or false as the server says; null where it does not say, since it can't be reached. It uses nothing up. */
export function isInvitationUsable(code: string): Promise<boolean | null> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/irc`, ["text.ircv3.net"]);
    const end = (usable: boolean | null) => {
      clearTimeout(waiting);
      socket.close();
      resolve(usable);
    };
    const waiting = setTimeout(() => end(null), PATIENCE_MS);
    socket.onopen = () => {
      socket.send("CAP REQ :hubbub/invitation");
      socket.send(`INVITATION ${code}`);
    };
    socket.onmessage = ({ data }) => {
      const verbs = String(data).split(" ").filter((word) => !/^[:@]/.test(word));
      if (verbs[0] === "INVITATION") end(true);
      else if (verbs[0] === "FAIL" && verbs[1] === "INVITATION") end(false);
    };
    socket.onclose = () => end(null);
  });
}
